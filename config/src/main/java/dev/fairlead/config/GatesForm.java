package dev.fairlead.config;

import dev.fairlead.source.FeatureGates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * kube-proxy's feature gates. Those that have nothing to do with what Fairlead serves are passed over, since a cluster
 * may set them for all of its parts; one that nearly is a known one is a mistake.
 */
final class GatesForm implements Form<FeatureGates> {
    private static final String PREFER_SAME = "PreferSameTrafficDistribution";
    private static final String EXTERNAL_IPS = "AllowServiceExternalIPs";
    private static final List<String> KNOWN = List.of(PREFER_SAME, EXTERNAL_IPS);

    @Override
    public Optional<FeatureGates> read(Place place) {
        if (place.shape() != Place.Shape.MAPPING) {
            place.unexpected("a mapping of gates to true or false");
            return Optional.empty();
        }
        FeatureGates gates = FeatureGates.DEFAULTS;
        for (Place.Entry entry : place.entries()) {
            Optional<Boolean> on = new Flag().read(entry.value());
            if (on.isEmpty()) {
                continue;
            }
            switch (entry.key()) {
                case PREFER_SAME -> gates = new FeatureGates(on.get(), gates.allowServiceExternalIps());
                case EXTERNAL_IPS -> gates = new FeatureGates(gates.preferSameTrafficDistribution(), on.get());
                default -> {
                    if (!Words.didYouMean(entry.key(), KNOWN).isEmpty()) {
                        entry.unknown("feature gate", KNOWN);
                    }
                }
            }
        }
        return Optional.of(gates);
    }

    @Override
    public Map<String, Object> schema() {
        Map<String, Object> known = new LinkedHashMap<>();
        known.put(PREFER_SAME, gate("Whether hints for nodes count.",
                FeatureGates.DEFAULTS.preferSameTrafficDistribution()));
        known.put(EXTERNAL_IPS, gate("Whether externalIPs are served.",
                FeatureGates.DEFAULTS.allowServiceExternalIps()));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("additionalProperties", Map.of("type", "boolean"));
        schema.put("properties", known);
        return schema;
    }

    private static Map<String, Object> gate(String description, boolean usually) {
        Map<String, Object> gate = new LinkedHashMap<>();
        gate.put("description", description);
        gate.put("type", "boolean");
        gate.put("default", usually);
        return gate;
    }
}
