package dev.fairlead.source;

/**
 * kube-proxy's feature gates that alter what is served.
 *
 * @param preferSameTrafficDistribution whether {@code hints.forNodes} count (KEP-3015; on since 1.34)
 * @param allowServiceExternalIps whether {@code spec.externalIPs} are served (KEP-5707; on until they are gone)
 */
public record FeatureGates(boolean preferSameTrafficDistribution, boolean allowServiceExternalIps) {
    public static final FeatureGates DEFAULTS = new FeatureGates(true, true);
}
