package dev.fairlead.config;

import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ObjectSet;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes documents one by one, keeps what they say, and checks what holds between them. */
final class ObjectStream {
    private static final String OUR_GROUP = "fairlead.dev/";
    private static final String EXPECTED_KINDS = "Service, EndpointSlice, Node, List or ProxyConfiguration";

    /** What all documents said together. */
    record Result(ProxyConfig settings, ObjectSet objects) {
    }

    private record Identity(String kind, String namespace, String name) {
        @Override
        public String toString() {
            return namespace.isEmpty() ? kind + " " + name : kind + " " + namespace + "/" + name;
        }
    }

    private record Configuration(ProxyConfigurationForm.Found found, Place place) {
    }

    private final ServiceReader services;
    private final ProxyConfigurationForm form;
    private final List<String> notes;
    private final Map<Identity, List<Place>> declared = new LinkedHashMap<>();
    private final List<ServiceObject> serviceObjects = new ArrayList<>();
    private final List<SliceObject> sliceObjects = new ArrayList<>();
    private final List<NodeObject> nodeObjects = new ArrayList<>();
    private final List<Claim> claims = new ArrayList<>();
    private Optional<Configuration> configuration = Optional.empty();

    ObjectStream(PolicyWords words, List<String> notes) {
        this.services = new ServiceReader(words);
        this.form = new ProxyConfigurationForm(words);
        this.notes = notes;
    }

    /** Takes one document: an object or a list of objects. */
    void document(Place document) {
        Optional<Fields> fields = Fields.of(document);
        if (fields.isEmpty()) {
            return;
        }
        Type type = Type.of(fields.get(), Type.NONE);
        Optional<Type> items = type.itemsOfList();
        if (items.isEmpty()) {
            object(fields.get(), type);
            return;
        }
        for (Fields item : fields.get().objects("items")) {
            Type itemType = Type.of(item, items.get());
            if (itemType.itemsOfList().isPresent()) {
                item.place().problem("a list inside a list (expected: objects)");
            } else {
                object(item, itemType);
            }
        }
    }

    /** What remains to be done when all documents are taken: services in short form, and doors wanted twice. */
    Result finish() {
        ProxyConfig settings = configuration.map(c -> c.found().settings()).orElse(ProxyConfig.DEFAULTS);
        for (ShortService service : configuration.map(c -> c.found().services()).orElse(List.of())) {
            ShortServiceObjects.Made made = ShortServiceObjects.of(service, settings.services().serviceProxyName());
            made.services().forEach(this::service);
            made.slices().forEach(this::slice);
        }
        Set<Spot> again = declaredAgain();
        claims.removeIf(claim -> again.contains(claim.declared()));
        Claims.check(claims, settings.services().serviceProxyName());
        return new Result(settings, new ObjectSet(serviceObjects, sliceObjects, nodeObjects));
    }

    private void object(Fields fields, Type type) {
        Place place = fields.place();
        if (type.kind().isEmpty() || type.apiVersion().isEmpty()) {
            missing(fields, type);
        } else if (type.equals(Type.SERVICE)) {
            services.read(fields).ifPresent(this::service);
        } else if (type.equals(Type.SLICE)) {
            SliceReader.read(fields).ifPresent(this::slice);
        } else if (type.equals(Type.NODE)) {
            NodeReader.read(fields).ifPresent(this::node);
        } else if (type.kind().equals(ProxyConfigurationForm.KIND) || type.apiVersion().startsWith(OUR_GROUP)) {
            configuration(place, form.form().read(place));
        } else if (type.equals(KubeProxyReader.TYPE)) {
            configuration(place, Optional.of(KubeProxyReader.read(fields, this::note)));
        } else {
            skip(fields, type);
        }
    }

    private static void missing(Fields fields, Type type) {
        // A kind of the wrong type has been reported when it was read.
        if (type.kind().isEmpty() && fields.value("kind").isEmpty()) {
            fields.place().problem("kind is missing (expected: " + EXPECTED_KINDS + ")");
        }
        if (type.apiVersion().isEmpty() && fields.value("apiVersion").isEmpty()) {
            fields.place().problem("apiVersion is missing (expected: v1, discovery.k8s.io/v1 or "
                    + ProxyConfigurationForm.API_VERSION + ")");
        }
    }

    private void skip(Fields fields, Type type) {
        String name = fields.place().get("metadata").flatMap(metadata -> metadata.get("name")).map(Place::written)
                .map(text -> " " + Words.quote(text)).orElse("");
        String hint = type.kind().equals(Type.SLICE.kind()) ? " (only " + Type.SLICE.apiVersion() + " is read)" : "";
        note(fields.place(), "skipped kind " + type.kind() + " " + type.apiVersion() + name + hint);
    }

    private void note(Place place, String text) {
        Spot spot = place.spot();
        notes.add(Words.oneLine(spot.file() + ":" + spot.line() + ": " + text));
    }

    private void configuration(Place place, Optional<ProxyConfigurationForm.Found> found) {
        if (configuration.isPresent()) {
            place.problem("a second configuration (expected: at most one ProxyConfiguration or"
                    + " KubeProxyConfiguration; first at "
                    + configuration.get().place().spot() + ")");
            return;
        }
        configuration = found.map(f -> new Configuration(f, place));
    }

    private void service(ServiceReader.Found found) {
        ServiceObject service = found.service();
        declare(new Identity("Service", service.name().namespace(), service.name().name()), found.name());
        serviceObjects.add(service);
        claims.addAll(found.claims());
    }

    private void slice(SliceReader.Found found) {
        SliceObject slice = found.slice();
        declare(new Identity("EndpointSlice", slice.namespace(), slice.name()), found.name());
        sliceObjects.add(slice);
        if (!slice.labels().containsKey(SliceReader.SERVICE_LABEL)) {
            note(found.name(), "EndpointSlice " + slice.namespace() + "/" + slice.name()
                    + " belongs to no Service: it has no label " + SliceReader.SERVICE_LABEL);
        }
    }

    private void node(NodeReader.Found found) {
        declare(new Identity("Node", "", found.node().name()), found.name());
        nodeObjects.add(found.node());
    }

    private void declare(Identity identity, Place name) {
        declared.computeIfAbsent(identity, _ -> new ArrayList<>(1)).add(name);
    }

    /** Reports objects that are declared more than once; where all but the first of them are. */
    private Set<Spot> declaredAgain() {
        Set<Spot> again = new HashSet<>();
        declared.forEach((identity, names) -> {
            names.sort(Comparator.comparing(Place::spot));
            for (Place name : names.subList(1, names.size())) {
                // One name in short form declares a Service and its slices: once is enough.
                if (again.add(name.spot())) {
                    name.problem(identity + " is declared twice (first at " + names.getFirst().spot() + ")");
                }
            }
        });
        return again;
    }
}
