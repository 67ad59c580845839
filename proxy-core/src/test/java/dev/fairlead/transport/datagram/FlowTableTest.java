package dev.fairlead.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.Loop;
import dev.fairlead.transport.linux.Kernel;
import dev.fairlead.transport.linux.Messages;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(value = OS.LINUX, disabledReason = "its flows are of Linux' sockets")
final class FlowTableTest {
    private final Messages messages = new Messages(Arena.ofAuto(), 1, true);
    private final DoorSocket door = new DoorSocket(new DatagramLoop(new Nowhere(), new Kernel(), _ -> {
    }), 0, -1, _ -> {
    });

    /** Who sent a datagram. */
    private record Name(boolean four, long high, long low, int port, int scope) {
        static Name random(Random random) {
            boolean four = random.nextBoolean();
            // Few enough that most come more than once.
            long low = random.nextInt(40);
            return new Name(four, four ? 0 : random.nextInt(2), low, 1 + random.nextInt(20),
                    four ? 0 : random.nextInt(2));
        }

        /** A door has clients of one family, so that the family is no part of what tells them apart. */
        Name known() {
            return new Name(true, high, low, port, scope);
        }
    }

    private SocketFlow flow(Name name) {
        messages.name(0, name.four, name.high, name.low, name.port, name.scope);
        return new SocketFlow(door, messages.names(), 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void it_finds_what_a_hash_map_finds_whatever_comes_and_goes(long seed) {
        Random random = new Random(seed);
        FlowTable table = new FlowTable(random.nextLong());
        Map<Name, SocketFlow> model = new HashMap<>();
        for (int step = 0; step < 60_000; step++) {
            Name name = Name.random(random);
            SocketFlow expected = model.get(name.known());
            assertThat(table.find(name.high, name.low, name.port, name.scope)).isSameAs(expected);
            // It grows for a while, then shrinks for a while.
            boolean growing = step / 10_000 % 2 == 0;
            if (expected == null && (growing || random.nextInt(8) == 0)) {
                SocketFlow flow = flow(name);
                table.add(flow);
                model.put(name.known(), flow);
            } else if (expected != null && (!growing || random.nextInt(8) == 0)) {
                table.remove(expected);
                table.remove(expected);
                model.remove(name.known());
            }
            if (step % 1000 == 0) {
                assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values());
            }
        }
        List.copyOf(model.values()).forEach(table::remove);
        assertThat(table.all()).isEmpty();
    }

    @Test
    void a_flow_that_was_never_added_takes_nobody_along() {
        FlowTable table = new FlowTable(0);
        Name name = new Name(true, 0, 1, 2, 0);
        SocketFlow added = flow(name);
        table.add(added);

        table.remove(flow(name));

        assertThat(table.all()).containsExactly(added);
    }

    @Test
    void an_address_cannot_make_up_for_the_difference_of_two_ports() {
        Random random = new Random(4);
        List<Integer> distinct = new ArrayList<>();
        for (int shift : new int[]{0, 16, 32, 40, 48}) {
            Set<Integer> hashes = new HashSet<>();
            long salt = random.nextLong();
            long low = random.nextLong();
            for (int port = 1; port < 10_000; port++) {
                hashes.add(FlowTable.hash(salt, 7, low ^ (long) port << shift, port, 0));
            }
            distinct.add(hashes.size());
        }
        assertThat(distinct).allSatisfy(one -> assertThat(one).isGreaterThan(9_900));
    }

    /** No datagram comes here. */
    private static final class Nowhere implements Loop {
        @Override
        public int index() {
            return 0;
        }

        @Override
        public boolean inLoop() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void a_client_is_told_by_its_own_name() {
        assertThat(flow(new Name(true, 0, 0x7f000001L, 53, 0)).client()).isEqualTo(IpPort.of("127.0.0.1:53"));
        assertThat(flow(new Name(false, 0, 0xffff7f000001L, 53, 0)).client()).isEqualTo(IpPort.of("127.0.0.1:53"));
    }
}
