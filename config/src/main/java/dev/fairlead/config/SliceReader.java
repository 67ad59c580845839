package dev.fairlead.config;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.source.SliceObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code discovery.k8s.io/v1 EndpointSlice}. */
final class SliceReader {
    static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final List<String> ADDRESS_TYPES = List.of("IPv4", "IPv6", "FQDN");

    private SliceReader() {
    }

    /** A slice as read. */
    record Found(SliceObject slice, Place name) {
    }

    /** The slice, or empty after saying why it has no name. */
    static Optional<Found> read(Fields object) {
        String addressType = object.choice("addressType", ADDRESS_TYPES);
        if (object.value("addressType").isEmpty()) {
            object.place().problem("addressType is missing (expected: " + Words.oneOf(ADDRESS_TYPES) + ")");
        }
        List<SliceObject.Port> ports = new ArrayList<>();
        for (Fields port : object.objects("ports")) {
            // A slice may say "all ports" by an absent number; kube-proxy passes that over, and 0 as well.
            ports.add(new SliceObject.Port(port.optionalText("name"), port.choice("protocol", ServiceReader.PROTOCOLS),
                    port.integer("port", 0, 65535, ServiceReader.PORT_EXPECTED)));
        }
        List<SliceObject.Member> members = new ArrayList<>();
        for (Fields endpoint : object.objects("endpoints")) {
            members.add(member(endpoint, addressType));
        }
        return Metadata.of(object).map(metadata -> new Found(new SliceObject(metadata.namespace(), metadata.name(),
                metadata.labels(), addressType, ports, members), metadata.place()));
    }

    private static SliceObject.Member member(Fields endpoint, String addressType) {
        List<String> addresses = new ArrayList<>();
        for (Place item : endpoint.list("addresses")) {
            item.anyText().ifPresent(text -> {
                addresses.add(text);
                check(item, text, addressType);
            });
        }
        Optional<Fields> conditions = endpoint.object("conditions");
        Optional<Fields> hints = endpoint.object("hints");
        return new SliceObject.Member(addresses, conditions.flatMap(c -> c.flag("ready")),
                conditions.flatMap(c -> c.flag("serving")), conditions.flatMap(c -> c.flag("terminating")),
                endpoint.optionalText("nodeName"), names(hints, "forZones"), names(hints, "forNodes"));
    }

    private static void check(Place place, String text, String addressType) {
        if (!addressType.equals("IPv4") && !addressType.equals("IPv6")) {
            return;
        }
        Optional<InetAddress> address = IpText.parse(text);
        if (address.isEmpty()) {
            place.problem(Words.quote(text) + " is not an IP address (expected: an " + addressType + " address)");
        } else if (!IpFamily.of(address.get()).toString().equals(addressType)) {
            place.problem(Words.quote(text) + " is an " + IpFamily.of(address.get()) + " address (expected: an "
                    + addressType + " address, as addressType says)");
        }
    }

    private static List<String> names(Optional<Fields> hints, String key) {
        List<String> names = new ArrayList<>();
        for (Fields hint : hints.map(h -> h.objects(key)).orElse(List.of())) {
            hint.optionalText("name").ifPresent(names::add);
        }
        return names;
    }
}
