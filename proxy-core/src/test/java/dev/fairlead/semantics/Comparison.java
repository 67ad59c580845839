package dev.fairlead.semantics;

import dev.fairlead.balance.EndpointSelection;
import dev.fairlead.balance.Flow;
import dev.fairlead.balance.FlowVerdict;
import dev.fairlead.balance.FlowVerdicts;
import dev.fairlead.balance.UsableEndpoints;
import dev.fairlead.balance.Verdict;
import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.Endpoint;
import dev.fairlead.model.Frontend;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.NodeIdentity;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SessionAffinity;
import dev.fairlead.model.SkippedService;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Asks the product and the model the same questions. As a function it goes from a seed to what they disagree about in
 * the seed's case, {@code ""} where they agree; so it can be called across class loaders.
 */
public final class Comparison implements LongFunction<String> {
    /** Flows that each cluster is asked about. */
    static final int DIALS = 4;

    private static final ServiceTranslator TRANSLATOR = new ServiceTranslator(new PolicyWords(new KnownBalancers() {
        @Override
        public SortedSet<String> names() {
            return new TreeSet<>(List.of("random"));
        }

        @Override
        public Optional<String> problem(BalancerChoice choice) {
            return Optional.empty();
        }
    }));

    /** The first thing that the two do not say alike. */
    record Difference(String product, String model) {
        @Override
        public String toString() {
            return "  product: " + product + "\n  model:   " + model;
        }
    }

    private record Told(Dial of, Answer answer) {
    }

    @Override
    public String apply(long seed) {
        return difference(ClusterGenerator.generate(seed, DIALS), _ -> {
        }).map(Difference::toString).orElse("");
    }

    static Optional<Difference> difference(Case asked, Consumer<Model.Judgement> counter) {
        Model model = new Model(asked.objects(), asked.settings());
        List<Model.Judgement> judgements = new ArrayList<>();
        for (Dial dial : asked.dials()) {
            Model.Judgement judgement = model.answer(dial);
            counter.accept(judgement);
            judgements.add(judgement);
        }
        try {
            ServiceSnapshot snapshot = TRANSLATOR.translate(asked.objects(), asked.settings());
            Optional<Difference> ofServices = firstDifference(ports(snapshot), model.ports())
                    .or(() -> firstDifference(List.of(skipped(snapshot)), List.of(model.unserved())));
            return ofServices.or(() -> ofFlows(snapshot, asked.dials(), judgements));
        } catch (RuntimeException thrown) {
            return Optional.of(new Difference(thrown.toString(), "no exception"));
        }
    }

    private static Optional<Difference> ofFlows(ServiceSnapshot snapshot, List<Dial> dials,
            List<Model.Judgement> judgements) {
        FlowVerdicts verdicts = new FlowVerdicts(snapshot);
        List<Told> ofProduct = new ArrayList<>();
        List<Told> ofModel = new ArrayList<>();
        for (int i = 0; i < dials.size(); i++) {
            Dial dial = dials.get(i);
            ofProduct.add(new Told(dial, answer(verdicts.of(flow(dial)))));
            ofModel.add(new Told(dial, judgements.get(i).answer()));
        }
        return firstDifference(ofProduct, ofModel);
    }

    private static Optional<Difference> firstDifference(List<?> product, List<?> model) {
        for (int i = 0; i < Math.max(product.size(), model.size()); i++) {
            Object one = i < product.size() ? product.get(i) : "nothing";
            Object other = i < model.size() ? model.get(i) : "nothing";
            if (!one.equals(other)) {
                return Optional.of(new Difference(one.toString(), other.toString()));
            }
        }
        return Optional.empty();
    }

    private static Flow flow(Dial dial) {
        return new Flow(Protocol.valueOf(dial.protocol()), dial.source().inet(),
                new IpPort(dial.destination().inet(), dial.port()));
    }

    private static Answer answer(FlowVerdict verdict) {
        String set = "";
        List<String> endpoints = List.of();
        if (verdict.verdict() instanceof Verdict.Forward forward) {
            set = forward.set().toString();
            endpoints = addresses(forward.endpoints());
        }
        return new Answer(verdict.source().toString(), verdict.verdict().word(),
                verdict.hit().map(hit -> hit.service().toString()).orElse(""),
                verdict.hit().map(hit -> hit.kind().toString()).orElse(""), set, endpoints, verdict.sourceKept());
    }

    private static List<PortAnswer> ports(ServiceSnapshot snapshot) {
        List<PortAnswer> answers = new ArrayList<>();
        for (ServicePort port : snapshot.ports()) {
            answers.add(answer(port, snapshot.node()));
        }
        return answers;
    }

    private static PortAnswer answer(ServicePort port, NodeIdentity node) {
        List<String> frontends = new ArrayList<>();
        for (Frontend frontend : port.frontends()) {
            frontends.add(frontend.kind() + " " + text(frontend.address()));
        }
        frontends.sort(String::compareTo);
        List<String> endpoints = new ArrayList<>();
        for (Endpoint endpoint : port.endpoints()) {
            endpoints.add(ModelEndpoint.described(text(endpoint.address()), endpoint.ready(), endpoint.serving(),
                    endpoint.terminating(), node.isLocal(endpoint)));
        }
        endpoints.sort(String::compareTo);
        String affinity = switch (port.affinity()) {
            case SessionAffinity.None _ -> "None";
            case SessionAffinity.ClientIp sticky -> String.valueOf(sticky.timeout().toSeconds());
        };
        UsableEndpoints usable = EndpointSelection.select(port, node);
        return new PortAnswer(port.name() + " " + port.name().protocol() + " " + port.name().family(),
                port.internalPolicy() + "/" + port.externalPolicy(), affinity, port.healthCheckNodePort(), frontends,
                endpoints, set(usable.cluster(), usable.uses().stream().filter(UsableEndpoints.Use::inCluster)),
                set(usable.local(), usable.uses().stream().filter(UsableEndpoints.Use::inLocal)), usable.hasAny());
    }

    /** The set as text; the product says who is in it twice. */
    private static String set(Optional<List<Endpoint>> set, Stream<UsableEndpoints.Use> uses) {
        List<String> members = addresses(set.orElse(List.of()));
        List<String> users = addresses(uses.map(UsableEndpoints.Use::endpoint).toList());
        String text = set.isEmpty() ? "never" : members.toString();
        return users.equals(members) ? text : text + ", by their uses " + users;
    }

    private static List<String> skipped(ServiceSnapshot snapshot) {
        List<String> names = new ArrayList<>();
        for (SkippedService service : snapshot.skipped()) {
            names.add(service.service().toString());
        }
        names.sort(String::compareTo);
        return names;
    }

    private static List<String> addresses(List<Endpoint> endpoints) {
        List<String> texts = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            texts.add(text(endpoint.address()));
        }
        texts.sort(String::compareTo);
        return texts;
    }

    private static String text(IpPort address) {
        return Ip.of(address.ip()).with(address.port());
    }
}
