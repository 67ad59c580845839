package dev.fairlead.source;

import dev.fairlead.model.ServiceSnapshot;

/**
 * Objects to the state this node must bring about, by kube-proxy's rules. Pure: equal objects in any order make equal
 * snapshots. What cannot be read is left out with a note; it never takes the rest along.
 */
public final class ServiceTranslator {
    private final PolicyWords words;

    public ServiceTranslator(PolicyWords words) {
        this.words = words;
    }

    /** What the objects ask of the node that the settings name. Of two objects of one name the later counts. */
    public ServiceSnapshot translate(ObjectSet objects, TranslationSettings settings) {
        IncrementalTranslator translator = new IncrementalTranslator(words, settings);
        objects.nodes().forEach(translator::put);
        objects.services().forEach(translator::put);
        objects.slices().forEach(translator::put);
        return translator.snapshot();
    }
}
