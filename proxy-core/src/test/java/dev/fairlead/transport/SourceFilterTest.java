package dev.fairlead.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.transport.epoll.EpollDataPath;
import dev.fairlead.transport.uring.UringDataPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whom a door takes: everybody else hears nothing, as if nobody were there. Needs NET_ADMIN. */
@Timeout(60)
class SourceFilterTest {
    /** Longer than a SYN to loopback is ever under way; who is left without an answer waits as long. */
    private static final int SILENCE_MILLIS = 200;

    private static final class Accepted implements Acceptor {
        private final Queue<Connection> connections = new ConcurrentLinkedQueue<>();

        @Override
        public void arriving() {
        }

        @Override
        public void gone() {
        }

        @Override
        public void accepted(Connection downstream) {
            connections.add(downstream);
        }

        @Override
        public void starved(String why) {
            throw new AssertionError(why);
        }
    }

    static Stream<Supplier<DataPath>> paths() {
        return Stream.of(() -> new EpollDataPath(1), () -> new UringDataPath(1));
    }

    private static DataPath open(Supplier<DataPath> kind) {
        DataPath path = kind.get();
        if (!path.filters()) {
            path.close();
            Assumptions.abort("the kernel lets this process filter nothing");
        }
        return path;
    }

    private static SourceFilter from(String... blocks) {
        return new SourceFilter(List.of(blocks(blocks)));
    }

    private static List<Cidr> blocks(String... blocks) {
        return Arrays.stream(blocks).map(block -> Cidr.parse(block).orElseThrow()).toList();
    }

    private static InetAddress ip(String text) {
        return IpText.parse(text).orElseThrow();
    }

    private static void dial(String source, IpPort door) throws IOException {
        connect(source, door).close();
    }

    private static Socket connect(String source, IpPort door) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(ip(source), 0));
            socket.connect(door.socketAddress(), SILENCE_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void hearsNothing(String source, IpPort door) {
        assertThatThrownBy(() -> dial(source, door)).as("%s -> %s", source, door)
                .isInstanceOf(SocketTimeoutException.class);
    }

    @ParameterizedTest
    @MethodSource("paths")
    void whoLiesInABlockComesInAndNobodyElseHearsAnything(Supplier<DataPath> kind) throws Exception {
        try (DataPath path = open(kind)) {
            IpPort door = path.open(IpPort.of("127.0.0.1:0"), from("127.0.8.0/22", "127.0.0.9/32"), new Accepted())
                    .address();

            dial("127.0.0.9", door);
            dial("127.0.8.1", door);
            dial("127.0.11.255", door);
            hearsNothing("127.0.0.8", door);
            hearsNothing("127.0.12.0", door);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void everyConditionMustHold(Supplier<DataPath> kind) throws Exception {
        try (DataPath path = open(kind)) {
            SourceFilter both = new SourceFilter(List.of(blocks("127.0.0.0/24", "::/0"),
                    blocks("127.0.0.2", "127.0.1.0/24")));
            IpPort door = path.open(IpPort.of("127.0.0.1:0"), both, new Accepted()).address();

            dial("127.0.0.2", door);
            hearsNothing("127.0.0.3", door);
            hearsNothing("127.0.1.1", door);
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aFilterIsReplacedWhileTheDoorIsOpenAndConnectionsLiveOn(Supplier<DataPath> kind) throws Exception {
        try (DataPath path = open(kind)) {
            Accepted accepted = new Accepted();
            Door door = path.open(IpPort.of("127.0.0.1:0"), from("127.0.0.2"), accepted);
            try (Socket early = connect("127.0.0.2", door.address())) {
                door.filter(from("127.0.0.3"));
                hearsNothing("127.0.0.2", door.address());
                dial("127.0.0.3", door.address());
                door.filter(SourceFilter.NOBODY);
                hearsNothing("127.0.0.3", door.address());
                door.filter(SourceFilter.EVERYBODY);
                door.filter(SourceFilter.EVERYBODY);
                dial("127.0.0.3", door.address());

                await().until(() -> !accepted.connections.isEmpty());
                early.getOutputStream().write(new byte[100_000]);
                assertThat(early.isConnected()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void ofIpv6EveryWordThatThePrefixReachesIntoCounts(Supplier<DataPath> kind) throws Exception {
        try (DataPath path = open(kind)) {
            Door door = path.open(IpPort.of("[::1]:0"), from("::/127"), new Accepted());
            dial("::1", door.address());
            for (String other : List.of("::2/127", "::1:0/112", "0:0:0:1::/64", "0:1::/32", "127.0.0.0/8")) {
                door.filter(from(other));
                hearsNothing("::1", door.address());
            }
            for (String around : List.of("::/0", "::/1", "::/33", "::/96", "::1/128")) {
                door.filter(from("fd00::/8", around));
                dial("::1", door.address());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void aThousandBlocksAreOneFilterAndOfMoreEverybodyIsTaken(Supplier<DataPath> kind) throws Exception {
        try (DataPath path = open(kind)) {
            String[] blocks = IntStream.range(0, 1_000).mapToObj(i -> "10." + i / 250 + "." + i % 250 + ".0/24")
                    .toArray(String[]::new);
            Door door = path.open(IpPort.of("127.0.0.1:0"), from(blocks), new Accepted());
            hearsNothing("127.0.0.1", door.address());
            blocks[999] = "127.0.0.1/32";
            door.filter(from(blocks));
            dial("127.0.0.1", door.address());

            String[] more = IntStream.range(0, 1_100).mapToObj(i -> "10." + i / 250 + "." + i % 250 + ".0/24")
                    .toArray(String[]::new);
            door.filter(from(more));
            dial("127.0.0.1", door.address());
        }
    }

    @ParameterizedTest
    @MethodSource("paths")
    void theKernelAndTheFilterAgree(Supplier<DataPath> kind) throws Exception {
        long seed = 20261127;
        Random dice = new Random(seed);
        try (DataPath path = open(kind)) {
            Door door = path.open(IpPort.of("127.0.0.1:0"), new Accepted());
            for (int round = 0; round < 12; round++) {
                SourceFilter filter = new SourceFilter(IntStream.rangeClosed(0, dice.nextInt(2))
                        .mapToObj(_ -> IntStream.range(0, 3).mapToObj(_ -> block(dice)).toList()).toList());
                door.filter(filter);
                for (int dialled = 0; dialled < 4; dialled++) {
                    String source = "127.0." + dice.nextInt(4) + "." + (1 + dice.nextInt(6));
                    if (filter.takes(ip(source))) {
                        dial(source, door.address());
                    } else {
                        hearsNothing(source, door.address());
                    }
                }
            }
        }
    }

    private static Cidr block(Random dice) {
        return Cidr.parse("127.0." + dice.nextInt(4) + "." + dice.nextInt(6) + "/" + (21 + dice.nextInt(12)))
                .orElseThrow();
    }
}
