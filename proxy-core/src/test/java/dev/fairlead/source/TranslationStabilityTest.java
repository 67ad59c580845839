package dev.fairlead.source;

import static dev.fairlead.source.Draft.pod;
import static dev.fairlead.source.Draft.port;
import static dev.fairlead.source.Draft.service;
import static dev.fairlead.source.Draft.slice;
import static dev.fairlead.source.Draft.translate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.transport.Randomness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TranslationStabilityTest {
    private static final long SEED = 20260711;

    @Test
    void theOrderOfObjectsAndEndpointsDoesNotMatter() {
        Randomness dice = Randomness.seeded(SEED);
        List<ServiceObject> services = new ArrayList<>();
        List<SliceObject> slices = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            // Few addresses for many Services: collisions must be settled alike in every order.
            Draft.Service draft = service("s" + i, "10.96.0." + dice.nextInt(20))
                    .externalIps("203.0.113." + dice.nextInt(5)).nodePort(30000 + dice.nextInt(10))
                    .annotation("fairlead.dev/balancer", dice.nextInt(3) == 0 ? "fastest" : "random");
            if (dice.nextInt(8) == 0) {
                draft.clusterIp("None");
            }
            services.add(draft.object());
            for (int part = 0; part < 3; part++) {
                slices.add(
                        new SliceObject("default", "s" + i + "-" + part, Map.of("kubernetes.io/service-name", "s" + i),
                                "IPv4", List.of(port("http", 8080 + dice.nextInt(2))), members(dice)));
            }
        }
        List<NodeObject> nodes = new ArrayList<>(
                List.of(Draft.NODE, NodeObject.staying("there", Map.of(), List.of(), List.of())));
        ServiceSnapshot expected = translate(new ObjectSet(services, slices, nodes), Draft.SETTINGS);
        assertThat(expected.ports()).hasSizeGreaterThan(20);
        assertThat(expected.notes()).anyMatch(note -> note.contains("given twice"));
        assertThat(expected.skipped()).isNotEmpty();

        for (int round = 0; round < 50; round++) {
            shuffle(services, dice);
            shuffle(nodes, dice);
            List<SliceObject> mixed = new ArrayList<>();
            for (SliceObject slice : slices) {
                List<SliceObject.Member> members = new ArrayList<>(slice.endpoints());
                shuffle(members, dice);
                mixed.add(new SliceObject(slice.namespace(), slice.name(), slice.labels(), slice.addressType(),
                        slice.ports(), members));
            }
            shuffle(mixed, dice);

            assertThat(translate(new ObjectSet(services, mixed, nodes), Draft.SETTINGS))
                    .as("seed %d round %d", SEED, round).isEqualTo(expected);
        }
    }

    private static List<SliceObject.Member> members(Randomness dice) {
        List<SliceObject.Member> members = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Optional<Boolean> ready = dice.nextInt(3) == 0 ? Optional.empty() : Optional.of(dice.nextInt(2) == 0);
            members.add(new SliceObject.Member(List.of("10.1.0." + dice.nextInt(8)), ready,
                    Optional.of(dice.nextInt(2) == 0), Optional.of(dice.nextInt(2) == 0),
                    Optional.of(List.of("here", "there", "elsewhere").get(dice.nextInt(3))),
                    List.of("zone-" + dice.nextInt(3)), List.of()));
        }
        return members;
    }

    private static <T> void shuffle(List<T> list, Randomness dice) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, dice.nextInt(i + 1));
        }
    }

    @Test
    void noiseThatRoutingDoesNotReadChangesNothing() {
        ObjectSet quiet = new ObjectSet(List.of(service().object()), List.of(slice("web-1", pod("10.1.0.1"))),
                List.of(Draft.NODE));
        NodeObject noisyNode = NodeObject.staying("here",
                Map.of("topology.kubernetes.io/zone", "zone-a", "heartbeat", "7"),
                List.of(new NodeObject.Address("Hostname", "here"),
                        new NodeObject.Address("InternalIP", "192.168.0.1")),
                List.of());
        ObjectSet noisy = new ObjectSet(
                List.of(service().label("app", "web").annotation("kubectl.kubernetes.io/restartedAt", "now")
                        .vip("", "").object()),
                List.of(new SliceObject("default", "web-2", Map.of("kubernetes.io/service-name", "web", "app", "web"),
                        "IPv4", List.of(port("other", 1), port("http", 8080)), List.of(pod("10.1.0.1")))),
                List.of(noisyNode));

        assertThat(translate(noisy, Draft.SETTINGS)).isEqualTo(translate(quiet, Draft.SETTINGS));
    }

    @Test
    void anEndpointThatMovesBetweenSlicesChangesNothing() {
        ObjectSet before = new ObjectSet(List.of(service().object()),
                List.of(slice("web-1", pod("10.1.0.1"), pod("10.1.0.2")), slice("web-2")), List.of());
        ObjectSet during = new ObjectSet(List.of(service().object()),
                List.of(slice("web-1", pod("10.1.0.1"), pod("10.1.0.2")), slice("web-2", pod("10.1.0.2"))), List.of());
        ObjectSet after = new ObjectSet(List.of(service().object()),
                List.of(slice("web-1", pod("10.1.0.1")), slice("web-2", pod("10.1.0.2"))), List.of());

        assertThat(translate(during, Draft.SETTINGS)).isEqualTo(translate(before, Draft.SETTINGS));
        assertThat(translate(after, Draft.SETTINGS)).isEqualTo(translate(before, Draft.SETTINGS));
    }

    @Test
    void aChangeThatRoutingReadsDoesChangeTheSnapshot() {
        ObjectSet before = new ObjectSet(List.of(service().object()), List.of(slice("web-1", pod("10.1.0.1"))),
                List.of());
        ObjectSet after = new ObjectSet(List.of(service().object()), List.of(slice("web-1", pod("10.1.0.2"))),
                List.of());

        assertThat(translate(after, Draft.SETTINGS)).isNotEqualTo(translate(before, Draft.SETTINGS));
    }
}
