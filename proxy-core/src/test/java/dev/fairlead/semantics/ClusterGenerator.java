package dev.fairlead.semantics;

import dev.fairlead.model.ServiceName;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import dev.fairlead.source.TranslationSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * Small clusters and flows in them, by seed. Their addresses, names and numbers are few, so that they meet; what a
 * uniform draw would hardly ever show is drawn on purpose.
 */
final class ClusterGenerator {
    private ClusterGenerator() {
    }

    static Case generate(long seed, int dials) {
        Dice dice = new Dice(seed);
        SettingsGenerator settingsGenerator = new SettingsGenerator(dice);
        List<NodeObject> nodes = settingsGenerator.nodes();
        TranslationSettings settings = settingsGenerator.settings();

        ServiceGenerator serviceGenerator = new ServiceGenerator(dice);
        SliceGenerator sliceGenerator = new SliceGenerator(dice, settings.nodeName());
        List<ServiceObject> services = new ArrayList<>();
        List<SliceObject> slices = new ArrayList<>();
        for (int more = 1 + dice.below(4); more > 0; more--) {
            // Of two objects of one name the later counts.
            ServiceName name = new ServiceName(dice.word("a", "b"), "s" + dice.below(12));
            ServiceObject service = serviceGenerator.service(name, settings.serviceProxyName());
            boolean isNew = services.stream().noneMatch(other -> other.name().equals(name));
            services.add(service);
            if (isNew) {
                slices.addAll(sliceGenerator.slices(service));
            }
        }
        DialGenerator dialGenerator = new DialGenerator(dice, services);
        List<Dial> asked = new ArrayList<>();
        for (int i = 0; i < dials; i++) {
            asked.add(dialGenerator.dial());
        }
        return new Case(new ObjectSet(services, slices, nodes), settings, asked);
    }
}
