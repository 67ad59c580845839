package dev.fairlead.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.balance.AffinityTable;
import dev.fairlead.balance.Gates;
import dev.fairlead.control.Step.CloseListener;
import dev.fairlead.control.Step.FilterListener;
import dev.fairlead.control.Step.HoldAddress;
import dev.fairlead.control.Step.LetGoAddress;
import dev.fairlead.control.Step.OpenListener;
import dev.fairlead.control.Step.PublishTable;
import dev.fairlead.control.Step.RetireUpstream;
import dev.fairlead.model.FrontendKind;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.model.ServicePort;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.Route;
import dev.fairlead.table.RouteSpec;
import dev.fairlead.table.RoutingTable;
import dev.fairlead.transport.Randomness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for every plan, on long walks through random worlds in which doors fail to open. */
class PlannerWalkTest {
    private static final int STEPS = 2_000;
    private static final List<String> KINDS = List.of("ClusterIP", "NodePort", "ExternalIP", "LoadBalancer");
    private static final List<String> STATES = List.of("", "", "(draining)", "(not-ready)", "(serving)", "(on one)");

    private final int seed = Randomness.SYSTEM.nextInt(Integer.MAX_VALUE);
    private final Randomness dice = Randomness.seeded(seed);

    PlannerWalkTest() {
        System.out.println("PlannerWalkTest: seed " + seed);
    }

    /**
     * A few services that want a few addresses, so that these move and return often. No two services have one door at
     * the same time: snapshots see to that. A name may stand for a TCP port and for a UDP port, together too.
     */
    private ServiceSnapshot randomSnapshot() {
        Map<String, String> owners = new HashMap<>();
        StringBuilder text = new StringBuilder("node one\n");
        for (String service : List.of("a TCP", "a UDP", "b TCP", "c UDP")) {
            if (dice.nextInt(4) == 0) {
                continue;
            }
            String protocol = service.substring(2);
            text.append("default/").append(service).append('\n');
            for (String kind : KINDS) {
                int host = dice.nextInt(6);
                if (dice.nextInt(2) == 0 && owners.computeIfAbsent(host + protocol, _ -> service).equals(service)) {
                    text.append(kind).append(" 10.96.0.").append(host).append(":80\n");
                }
            }
            Set<Integer> hosts = new HashSet<>();
            for (int i = dice.nextInt(4); i > 0; i--) {
                hosts.add(dice.nextInt(6));
            }
            if (!hosts.isEmpty()) {
                text.append("endpoints");
                hosts.forEach(host -> text.append(" 10.1.0.").append(host).append(":80")
                        .append(STATES.get(dice.nextInt(STATES.size()))));
                text.append('\n');
            }
            if (dice.nextInt(3) == 0) {
                text.append("externalPolicy Local\n");
            }
        }
        return SnapshotText.parse(text.toString());
    }

    @Test
    void everyPlanLeadsWhereItShouldInAnOrderThatBreaksNothing() {
        World world = World.EMPTY;
        int plans = 0;
        for (int step = 0; step < STEPS; step++) {
            ServiceSnapshot wanted = randomSnapshot();
            Plan plan = Planner.plan(world, wanted);
            plans += plan.isEmpty() ? 0 : 1;
            checkOrder(plan);
            checkRetired(world, plan, wanted);

            World reached = PlannedWorld.reached(world, plan);
            assertThat(reached.doors()).as("seed %s step %s", seed, step).isEqualTo(shouldBeOpen(reached.specs()));
            assertThat(reached.held()).as("seed %s step %s", seed, step).isEqualTo(shouldBeHeld(reached.specs()));
            assertThat(reached.specs()).isEqualTo(RouteSpecs.of(wanted));
            assertThat(Planner.plan(reached, wanted)).isEqualTo(Plan.EMPTY);

            world = someDoorsFailed(reached);
        }
        assertThat(plans).isGreaterThan(STEPS / 2);
    }

    @Test
    void noOrderOfTheInputMattersToThePlan() {
        for (int step = 0; step < STEPS; step++) {
            ServiceSnapshot wanted = randomSnapshot();
            List<ServicePort> shuffled = new ArrayList<>(wanted.ports());
            for (int i = shuffled.size(); i > 1; i--) {
                Collections.swap(shuffled, i - 1, dice.nextInt(i));
            }
            ServiceSnapshot other = new ServiceSnapshot(wanted.node(), wanted.network(), shuffled, List.of(),
                    List.of());

            assertThat(Planner.plan(World.EMPTY, other)).as("seed %s", seed)
                    .isEqualTo(Planner.plan(World.EMPTY, wanted));
        }
    }

    /** What is unchanged is taken over at every step; that must lead where a fresh start leads. */
    @Test
    void whatIsRememberedIsWhatWouldBeMadeAnew() {
        RouteSpecs remembering = new RouteSpecs();
        UpstreamRegistry registry = new UpstreamRegistry(Gates.NONE, (_, _) -> () -> true,
                () -> new AffinityTable(new ManualTicker()));
        TableBuilder tables = new TableBuilder(registry, choice -> new FirstCandidate(choice.name()));
        for (int step = 1; step <= STEPS; step++) {
            ServiceSnapshot wanted = randomSnapshot();
            List<RouteSpec> anew = RouteSpecs.of(wanted);

            List<RouteSpec> remembered = remembering.wanted(wanted);
            RoutingTable table = tables.build(step, remembered);

            assertThat(remembered).as("seed %s step %s", seed, step).isEqualTo(anew);
            assertThat(table.routes().stream().map(Route::spec).distinct().toList())
                    .as("seed %s step %s", seed, step).isEqualTo(anew);
            for (int host = 0; host < 6; host++) {
                for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP)) {
                    TransportAddress door = new TransportAddress(protocol, IpPort.of("10.96.0." + host + ":80"));
                    assertThat(table.find(door).map(Route::spec)).as("seed %s step %s: %s", seed, step, door)
                            .isEqualTo(anew.stream().filter(spec -> spec.doors().contains(door)).findFirst());
                }
            }
        }
    }

    @Test
    void noTwoSpecsShareADoor() {
        for (int step = 0; step < STEPS; step++) {
            List<TransportAddress> doors = RouteSpecs.of(randomSnapshot()).stream()
                    .flatMap(spec -> spec.doors().stream()).toList();

            assertThat(doors).as("seed %s", seed).doesNotHaveDuplicates();
        }
    }

    private void checkOrder(Plan plan) {
        List<Integer> ranks = plan.steps().stream().map(PlannerWalkTest::rank).toList();
        assertThat(ranks).as("seed %s: %s", seed, plan.text()).isSorted();
        assertThat(ranks.stream().filter(rank -> rank == 0).count()).isLessThanOrEqualTo(1);
        assertThat(plan.steps().stream().map(Step::what)).doesNotHaveDuplicates();
    }

    private static int rank(Step step) {
        return switch (step) {
            case PublishTable _ -> 0;
            case HoldAddress _ -> 1;
            case OpenListener _ -> 2;
            case FilterListener _ -> 3;
            case CloseListener _ -> 4;
            case LetGoAddress _ -> 5;
            case RetireUpstream _ -> 6;
        };
    }

    private void checkRetired(World before, Plan plan, ServiceSnapshot wanted) {
        Set<String> expected = endpoints(before.specs());
        expected.removeAll(endpoints(RouteSpecs.of(wanted)));
        List<String> retired = plan.steps().stream().filter(RetireUpstream.class::isInstance)
                .map(RetireUpstream.class::cast)
                .map(retire -> retire.service().protocol() + " " + retire.service() + " " + retire.endpoint()).toList();
        assertThat(retired).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Set<String> endpoints(List<RouteSpec> specs) {
        Set<String> endpoints = new HashSet<>();
        specs.forEach(spec -> spec.endpoints().forEach(
                endpoint -> endpoints.add(spec.service().protocol() + " " + spec.service() + " " + endpoint)));
        return endpoints;
    }

    private static Map<TransportAddress, SourceFilter> shouldBeOpen(List<RouteSpec> specs) {
        Map<TransportAddress, SourceFilter> doors = new HashMap<>();
        specs.stream().filter(RouteSpec::opens)
                .forEach(spec -> spec.doors().forEach(door -> doors.put(door, spec.filter())));
        return doors;
    }

    private static Set<TransportAddress> shouldBeHeld(List<RouteSpec> specs) {
        return specs.stream().filter(spec -> !spec.opens() && spec.kind() != FrontendKind.NODE_PORT)
                .flatMap(spec -> spec.doors().stream()).collect(Collectors.toSet());
    }

    /** Some of those that failed are held since an earlier attempt, and some of those to be held could not be had. */
    private World someDoorsFailed(World world) {
        Map<TransportAddress, SourceFilter> doors = new HashMap<>(world.doors());
        doors.keySet().removeIf(_ -> dice.nextInt(5) == 0);
        Set<TransportAddress> held = new HashSet<>(world.held());
        world.doors().keySet().stream().filter(door -> !doors.containsKey(door) && dice.nextInt(2) == 0)
                .forEach(held::add);
        held.removeIf(_ -> dice.nextInt(5) == 0);
        return new World(doors, held, world.specs(), doors.equals(world.doors()) && held.equals(world.held()));
    }
}
