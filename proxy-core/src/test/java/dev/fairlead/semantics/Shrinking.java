package dev.fairlead.semantics;

import dev.fairlead.source.FeatureGates;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import dev.fairlead.source.TranslationSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Takes a case apart until nothing can go without the disagreement going too. */
final class Shrinking {
    private Shrinking() {
    }

    static Case smallest(Case found, Predicate<Case> disagrees) {
        Case smallest = found;
        Optional<Case> smaller = Optional.of(found);
        while (smaller.isPresent()) {
            smallest = smaller.get();
            smaller = candidates(smallest).stream().filter(disagrees).findFirst();
        }
        return smallest;
    }

    /** Every case that is smaller by one thing, the largest things first. */
    private static List<Case> candidates(Case whole) {
        ObjectSet objects = whole.objects();
        List<Case> smaller = new ArrayList<>();
        for (List<ServiceObject> services : withoutOne(objects.services())) {
            smaller.add(with(whole, new ObjectSet(services, objects.slices(), objects.nodes())));
        }
        for (List<SliceObject> slices : withoutOne(objects.slices())) {
            smaller.add(with(whole, new ObjectSet(objects.services(), slices, objects.nodes())));
        }
        for (List<NodeObject> nodes : withoutOne(objects.nodes())) {
            smaller.add(with(whole, new ObjectSet(objects.services(), objects.slices(), nodes)));
        }
        for (List<Dial> dials : withoutOne(whole.dials())) {
            smaller.add(new Case(objects, whole.settings(), dials));
        }
        for (List<ServiceObject> services : withOneSmaller(objects.services(), Shrinking::smaller)) {
            smaller.add(with(whole, new ObjectSet(services, objects.slices(), objects.nodes())));
        }
        for (List<SliceObject> slices : withOneSmaller(objects.slices(), Shrinking::smaller)) {
            smaller.add(with(whole, new ObjectSet(objects.services(), slices, objects.nodes())));
        }
        for (TranslationSettings settings : smaller(whole.settings())) {
            if (!settings.equals(whole.settings())) {
                smaller.add(new Case(objects, settings, whole.dials()));
            }
        }
        return smaller;
    }

    private static Case with(Case whole, ObjectSet objects) {
        return new Case(objects, whole.settings(), whole.dials());
    }

    private static <T> List<List<T>> withoutOne(List<T> whole) {
        List<List<T>> smaller = new ArrayList<>();
        for (int i = 0; i < whole.size(); i++) {
            List<T> rest = new ArrayList<>(whole);
            rest.remove(i);
            smaller.add(rest);
        }
        return smaller;
    }

    private static <T> List<List<T>> withOneSmaller(List<T> whole, Function<T, List<T>> smaller) {
        List<List<T>> found = new ArrayList<>();
        for (int i = 0; i < whole.size(); i++) {
            for (T candidate : smaller.apply(whole.get(i))) {
                List<T> changed = new ArrayList<>(whole);
                changed.set(i, candidate);
                found.add(changed);
            }
        }
        return found;
    }

    private static List<ServiceObject> smaller(ServiceObject service) {
        List<ServiceObject> found = new ArrayList<>();
        withoutOne(service.ports()).forEach(ports -> found.add(with(service, ports, service.externalIPs(),
                service.loadBalancerIngress(), service.loadBalancerSourceRanges())));
        withoutOne(service.externalIPs()).forEach(ips -> found.add(with(service, service.ports(), ips,
                service.loadBalancerIngress(), service.loadBalancerSourceRanges())));
        withoutOne(service.loadBalancerIngress()).forEach(ingress -> found.add(with(service, service.ports(),
                service.externalIPs(), ingress, service.loadBalancerSourceRanges())));
        withoutOne(service.loadBalancerSourceRanges()).forEach(ranges -> found.add(with(service, service.ports(),
                service.externalIPs(), service.loadBalancerIngress(), ranges)));
        return found;
    }

    private static ServiceObject with(ServiceObject service, List<ServiceObject.Port> ports, List<String> externalIps,
            List<ServiceObject.Ingress> ingress, List<String> ranges) {
        return new ServiceObject(service.name(), service.labels(), Map.of(), service.type(), service.clusterIP(),
                service.clusterIPs(), service.ipFamilies(), ports, externalIps, ingress, ranges,
                service.sessionAffinity(), service.affinityTimeoutSeconds(), service.internalTrafficPolicy(),
                service.externalTrafficPolicy(), service.healthCheckNodePort());
    }

    private static List<SliceObject> smaller(SliceObject slice) {
        List<SliceObject> found = new ArrayList<>();
        for (List<SliceObject.Member> members : withoutOne(slice.endpoints())) {
            found.add(new SliceObject(slice.namespace(), slice.name(), slice.labels(), slice.addressType(),
                    slice.ports(), members));
        }
        for (List<SliceObject.Port> ports : withoutOne(slice.ports())) {
            found.add(new SliceObject(slice.namespace(), slice.name(), slice.labels(), slice.addressType(), ports,
                    slice.endpoints()));
        }
        return found;
    }

    private static List<TranslationSettings> smaller(TranslationSettings settings) {
        return List.of(settings.withNodePorts(TranslationSettings.NodePorts.ANYWHERE),
                settings.withGates(FeatureGates.DEFAULTS), settings.withNodeAddresses(List.of()),
                settings.withServiceProxyName(Optional.empty()),
                settings.withNetwork(PodDetection.NONE, settings.serviceCidrs(), settings.masqueradeAll()),
                settings.withNetwork(settings.pods(), List.of(), settings.masqueradeAll()),
                settings.withNetwork(settings.pods(), settings.serviceCidrs(), false));
    }
}
