package dev.fairlead.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceName;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncrementalTranslatorTest {
    private static final int STEPS = 3_000;
    private final IncrementalTranslator translator = new IncrementalTranslator(new PolicyWords(Draft.BALANCERS),
            Draft.SETTINGS);

    /** What was said so far, as a whole. */
    private final Map<ServiceName, ServiceObject> services = new HashMap<>();
    private final Map<String, SliceObject> slices = new HashMap<>();
    private final List<NodeObject> nodes = new ArrayList<>();
    private final long seed = new Random().nextLong();
    private final Random dice = new Random(seed);

    /** The rules have one home; what must hold here is that no order of changes leads elsewhere than the whole does. */
    @Test
    void changesOneByOneLeadWhereTheWholeLeads() {
        for (int step = 0; step < STEPS; step++) {
            change();
            ServiceSnapshot whole = Draft.translate(
                    new ObjectSet(List.copyOf(services.values()), List.copyOf(slices.values()), nodes),
                    Draft.SETTINGS);

            assertThat(translator.snapshot()).as("seed %s step %s", seed, step).isEqualTo(whole);
        }
    }

    private void change() {
        switch (dice.nextInt(12)) {
            case 0, 1, 2 -> {
                ServiceObject service = service();
                services.put(service.name(), service);
                translator.put(service);
            }
            case 3 -> {
                ServiceName name = name();
                services.remove(name);
                translator.removeService(name);
            }
            case 4, 5, 6, 7, 8 -> {
                SliceObject slice = slice();
                slices.put(slice.name(), slice);
                translator.put(slice);
            }
            case 9, 10 -> {
                String name = "slice-" + dice.nextInt(8);
                slices.remove(name);
                translator.removeSlice("default", name);
            }
            default -> node();
        }
    }

    private ServiceName name() {
        return new ServiceName("default", "s" + dice.nextInt(5));
    }

    /** Few addresses, so that Services want the same ones. */
    private ServiceObject service() {
        Draft.Service service = Draft.service("s" + dice.nextInt(5), "10.96.0." + dice.nextInt(4));
        if (dice.nextBoolean()) {
            service.externalIps("203.0.113." + dice.nextInt(3), "10.96.0." + dice.nextInt(4));
        }
        if (dice.nextBoolean()) {
            service.vip("203.0.113." + dice.nextInt(3), "VIP").type("LoadBalancer");
        }
        if (dice.nextInt(4) == 0) {
            service.nodePort(30_000 + dice.nextInt(2));
        }
        if (dice.nextInt(6) == 0) {
            service.label("service.kubernetes.io/headless", "");
        }
        if (dice.nextInt(6) == 0) {
            service.annotation("fairlead.dev/connect-attempts", "no number");
        }
        return service.object();
    }

    private SliceObject slice() {
        List<SliceObject.Member> members = new ArrayList<>();
        for (int i = dice.nextInt(4); i > 0; i--) {
            members.add(Draft.pod("10.1.0." + dice.nextInt(6), dice.nextBoolean() ? "here" : "there"));
        }
        Map<String, String> labels = dice.nextInt(8) == 0
                ? Map.of()
                : Map.of("kubernetes.io/service-name", "s" + dice.nextInt(5));
        return new SliceObject("default", "slice-" + dice.nextInt(8), labels, "IPv4",
                List.of(Draft.port("http", 8080)), members);
    }

    private void node() {
        nodes.clear();
        if (dice.nextInt(3) == 0) {
            translator.removeNode("here");
            return;
        }
        NodeObject node = NodeObject.staying("here",
                Map.of("topology.kubernetes.io/zone", dice.nextBoolean() ? "zone-a" : "zone-b"),
                List.of(new NodeObject.Address("InternalIP", "192.168.0." + dice.nextInt(2))), List.of());
        nodes.add(node);
        translator.put(node);
    }

    @Test
    void whatIsSaidAgainIsTheSameSnapshot() {
        translator.put(Draft.NODE);
        translator.put(Draft.service().object());
        translator.put(Draft.slice("web-1", Draft.pod("10.1.0.1")));
        ServiceSnapshot before = translator.snapshot();

        translator.put(Draft.slice("web-1", Draft.pod("10.1.0.1")));
        translator.put(Draft.service().object());
        translator.put(Draft.NODE);

        assertThat(translator.snapshot()).isSameAs(before);
    }

    @Test
    void aServiceThatNothingWasSaidOfIsTheSameObject() {
        translator.put(Draft.NODE);
        translator.put(Draft.service("a", "10.96.0.1").object());
        translator.put(Draft.service("b", "10.96.0.2").object());
        ServicePort untouched = translator.snapshot().ports().getFirst();

        translator.put(Draft.service("b", "10.96.0.3").object());

        assertThat(translator.snapshot().ports()).hasSize(2).first().isSameAs(untouched);
    }
}
