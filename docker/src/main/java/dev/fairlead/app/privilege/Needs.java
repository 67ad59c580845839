package dev.fairlead.app.privilege;

import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.AddressChoice;
import dev.fairlead.config.ProxyConfig.Admin;
import dev.fairlead.config.ProxyConfig.OneDoor;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.TrafficPolicy;
import dev.fairlead.model.Transparency;
import dev.fairlead.transport.DatagramDoor;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a configuration has a use for. Pure.
 *
 * @param now by its settings and by the services that there are
 * @param later what services that come while it runs may have a use for, too
 */
record Needs(Set<Feature> now, Set<Feature> later) {
    /** Whether services may change while the process runs. */
    enum Services {
        /** Files or a cluster are followed. */
        FOLLOWED,
        /** The command line says them. */
        FIXED
    }

    private static final Set<Feature> OF_SERVICES = EnumSet.of(Feature.LOW_PORTS, Feature.SILENT_DROP,
            Feature.TRANSPARENT, Feature.UDP_BUFFERS);

    /**
     * Those of a configuration.
     *
     * @param snapshot what the files say; a cluster's services come later
     * @param anybody what takes no privilege here
     */
    static Needs of(ProxyConfig settings, ServiceSnapshot snapshot, Services services,
            MachineLimits anybody) {
        Set<Feature> now = EnumSet.noneOf(Feature.class);
        boolean cluster = settings.kubernetes().isPresent();
        if (cluster) {
            // There is none without DNS: UDP, at port 53.
            now.addAll(EnumSet.of(Feature.LOW_PORTS, Feature.SILENT_DROP, Feature.UDP_BUFFERS));
        }
        if (cluster && settings.services().defaults().clientAddress().transparency() != Transparency.OFF) {
            now.add(Feature.TRANSPARENT);
        }
        if (wanted(settings.addresses().choice(), cluster)) {
            now.add(Feature.SERVICE_ADDRESSES);
        }
        if (wanted(settings.oneDoor(), cluster)) {
            now.add(Feature.ONE_DOOR);
        }
        snapshot.ports().forEach(port -> addNeeds(port, anybody, now));
        if (Stream.of(settings.admin(), settings.healthzDoor(), settings.metricsDoor())
                .anyMatch(door -> isLow(door, anybody))) {
            now.add(Feature.LOW_PORTS);
        }
        Set<Feature> later = EnumSet.noneOf(Feature.class);
        if (services == Services.FOLLOWED) {
            later.addAll(OF_SERVICES);
        }
        Set<Feature> free = free(anybody);
        now.removeAll(free);
        later.removeAll(free);
        return new Needs(now, later);
    }

    /** What takes no privilege on this machine. */
    private static Set<Feature> free(MachineLimits anybody) {
        Set<Feature> free = EnumSet.noneOf(Feature.class);
        if (anybody.firstFreePort() <= 1) {
            free.add(Feature.LOW_PORTS);
        }
        if (anybody.receiveBuffer() >= DatagramDoor.RECEIVE_BUFFER) {
            free.add(Feature.UDP_BUFFERS);
        }
        return free;
    }

    /** The same and one more. */
    Needs with(Feature feature) {
        Set<Feature> more = EnumSet.of(feature);
        more.addAll(now);
        return new Needs(more, later);
    }

    /** All together. */
    Set<Feature> ever() {
        Set<Feature> all = EnumSet.noneOf(Feature.class);
        all.addAll(now);
        all.addAll(later);
        return all;
    }

    private static boolean wanted(AddressChoice choice, boolean cluster) {
        return switch (choice) {
            case AUTO -> cluster;
            case ANYIP -> true;
            case FREEBIND, LOOPBACK, GIVEN -> false;
        };
    }

    private static boolean wanted(OneDoor choice, boolean cluster) {
        return switch (choice) {
            case AUTO -> cluster;
            case ON -> true;
            case OFF -> false;
        };
    }

    private static boolean isLow(Admin door, MachineLimits anybody) {
        return switch (door) {
            case Admin.On(var address) -> address.port() > 0 && address.port() < anybody.firstFreePort();
            case Admin.Off() -> false;
        };
    }

    private static void addNeeds(ServicePort port, MachineLimits anybody, Set<Feature> now) {
        for (Frontend frontend : port.frontends()) {
            if (frontend.address().port() < anybody.firstFreePort()) {
                now.add(Feature.LOW_PORTS);
            }
            if (frontend.protocol() == Protocol.UDP) {
                now.add(Feature.UDP_BUFFERS);
            } else if (!port.sourceRanges().isEmpty() || port.internalPolicy() == TrafficPolicy.LOCAL
                    || port.externalPolicy() == TrafficPolicy.LOCAL) {
                now.add(Feature.SILENT_DROP);
            }
        }
        if (port.policy().clientAddress().transparency() != Transparency.OFF) {
            now.add(Feature.TRANSPARENT);
        }
    }
}
