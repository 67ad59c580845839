package dev.fairlead.source;

import dev.fairlead.model.ServiceSnapshot;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Objects to the state this node must bring about, by kube-proxy's rules. Pure: equal objects in any order make equal
 * snapshots. What cannot be read is left out with a note; it never takes the rest along.
 */
public final class ServiceTranslator {
    private final PolicyWords words;

    public ServiceTranslator(PolicyWords words) {
        this.words = words;
    }

    /** As the other one, where nothing is known of the machine's interfaces. */
    public ServiceSnapshot translate(ObjectSet objects, TranslationSettings settings) {
        return translate(objects, settings, Optional.empty());
    }

    /**
     * What the objects ask of the node that the settings name. Of two objects of one name the later counts.
     *
     * @param interfaces all addresses of the node's interfaces, which NodePorts choose from; empty where they are not
     *     known, and its object's count
     */
    public ServiceSnapshot translate(ObjectSet objects, TranslationSettings settings,
            Optional<List<InetAddress>> interfaces) {
        IncrementalTranslator translator = new IncrementalTranslator(words, settings);
        translator.interfaces(interfaces);
        objects.nodes().forEach(translator::put);
        objects.services().forEach(translator::put);
        objects.slices().forEach(translator::put);
        return translator.snapshot();
    }
}
