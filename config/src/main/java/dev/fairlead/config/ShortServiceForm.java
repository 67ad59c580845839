package dev.fairlead.config;

import dev.fairlead.config.Form.Choice;
import dev.fairlead.config.Form.Group;
import dev.fairlead.config.Form.Many;
import dev.fairlead.config.Form.Meaning;
import dev.fairlead.config.Form.OneOrMany;
import dev.fairlead.config.Form.Placed;
import dev.fairlead.config.Form.Text;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys of a service in short form. */
final class ShortServiceForm {
    private static final Text<String> NAME_TEXT = new Text<>("the name of a service", List.of("web"),
            ShortServiceForm::name);
    private static final Text<IpPort> ADDRESS = new Text<>(AddressText.EXPECTED,
            List.of("127.0.0.1:8080", "[::1]:8080"), AddressText::parse);
    private static final Map<String, String> AFFINITIES = words(ServiceReader.AFFINITIES);

    private static final Key<Placed<String>> NAME = Key.required("name", "What the service is called.",
            Placed.of(NAME_TEXT));
    private static final Key<String> NAMESPACE = Key.optional("namespace", "The namespace it is called in.", NAME_TEXT,
            Metadata.DEFAULT_NAMESPACE, Metadata.DEFAULT_NAMESPACE);
    private static final Key<List<Placed<IpPort>>> LISTEN = Key.required("listen",
            "The address that clients dial, or a list of them; those of another port make a service name-port.",
            new OneOrMany<>(Placed.of(ADDRESS)));
    private static final Key<Protocol> PROTOCOL = Key.optional("protocol", "The transport protocol.",
            new Choice<>("protocol", words(List.of(Protocol.TCP, Protocol.UDP))), Protocol.TCP,
            Protocol.TCP.toString());
    private static final Key<String> SESSION_AFFINITY = Key.optional("sessionAffinity",
            "ClientIP sends the connections of one client address to one endpoint.",
            new Choice<>("session affinity", AFFINITIES), "None", "None");
    private static final Key<List<Placed<IpPort>>> ENDPOINTS = Key.required("endpoints",
            "The addresses that connections go to.", new Many<>(Placed.of(ADDRESS)));

    private final PolicyKeys policies;
    private final Group<ShortService> form;

    ShortServiceForm(PolicyKeys policies) {
        this.policies = policies;
        List<Key<?>> keys = new ArrayList<>(List.of(NAME, NAMESPACE, LISTEN, PROTOCOL, SESSION_AFFINITY));
        keys.addAll(policies.keys());
        keys.add(ENDPOINTS);
        this.form = new Group<>(keys, this::make);
    }

    Group<ShortService> form() {
        return form;
    }

    private Optional<ShortService> make(Section section) {
        Optional<Placed<String>> name = section.required(NAME);
        String namespace = section.value(NAMESPACE);
        Optional<List<Placed<IpPort>>> listen = section.required(LISTEN);
        Protocol protocol = section.value(PROTOCOL);
        String affinity = section.value(SESSION_AFFINITY);
        Map<String, String> annotations = policies.annotations(section);
        Optional<List<Placed<IpPort>>> endpoints = section.required(ENDPOINTS);
        endpoints.ifPresent(ShortServiceForm::checkDistinct);
        if (protocol == Protocol.UDP) {
            listen.ifPresent(ShortServiceForm::checkEachAddress);
        }
        if (listen.isPresent() && endpoints.isPresent()) {
            checkFamilies(listen.get(), endpoints.get());
        }
        if (name.isEmpty() || listen.isEmpty() || endpoints.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ShortService(name.get().value(), name.get().place(), namespace, listen.get(), protocol,
                affinity, annotations, endpoints.get()));
    }

    private static void checkDistinct(List<Placed<IpPort>> endpoints) {
        Map<IpPort, Place> seen = new HashMap<>();
        for (Placed<IpPort> endpoint : endpoints) {
            Place first = seen.putIfAbsent(endpoint.value(), endpoint.place());
            if (first != null) {
                endpoint.place().problem(endpoint.value() + " is listed twice (first at " + first.spot() + ")");
            }
        }
    }

    /** A UDP client takes a reply from the address that it sent to, and from no other that the machine has. */
    private static void checkEachAddress(List<Placed<IpPort>> listen) {
        listen.stream().filter(address -> address.value().ip().isAnyLocalAddress())
                .forEach(address -> address.place().problem(address.value()
                        + " stands for every address, from which a UDP service cannot reply"
                        + " (expected: each address by itself)"));
    }

    /** As in Kubernetes, a family is served by endpoints of that family alone: say so instead of serving nothing. */
    private static void checkFamilies(List<Placed<IpPort>> listen, List<Placed<IpPort>> endpoints) {
        for (IpFamily family : IpFamily.values()) {
            Optional<Placed<IpPort>> door = first(listen, family);
            Optional<Placed<IpPort>> endpoint = first(endpoints, family);
            if (door.isEmpty() && endpoint.isPresent()) {
                endpoint.get().place().problem(endpoint.get().value() + " is an " + family
                        + " endpoint, but no listen address is " + family
                        + " (expected: endpoints of the same family as a listen address)");
            } else if (door.isPresent() && endpoint.isEmpty() && !endpoints.isEmpty()) {
                door.get().place().problem(door.get().value() + " is an " + family + " address, but no endpoint is "
                        + family + " (expected: an endpoint of the same family as the listen address)");
            }
        }
    }

    private static Optional<Placed<IpPort>> first(List<Placed<IpPort>> addresses, IpFamily family) {
        return addresses.stream().filter(address -> address.value().family() == family).findFirst();
    }

    private static Meaning<String> name(String text) {
        return Metadata.isName(text)
                ? new Meaning.Value<>(text)
                : new Meaning.Wrong<>(Words.quote(text) + " is not a name (expected: " + Metadata.NAME_EXPECTED + ")");
    }

    private static <T> Map<String, T> words(List<T> values) {
        Map<String, T> words = new LinkedHashMap<>();
        values.forEach(value -> words.put(value.toString(), value));
        return words;
    }
}
