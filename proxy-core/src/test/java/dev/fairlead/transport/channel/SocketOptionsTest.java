package dev.fairlead.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.transport.Acceptor;
import dev.fairlead.transport.Connection;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.Door;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the kernel is told of each socket, where it cannot be seen from outside. */
@Timeout(20)
class SocketOptionsTest {
    @ParameterizedTest
    @EnumSource(ChannelKind.class)
    void small_writes_are_sent_at_once_on_both_sides(ChannelKind kind) throws Exception {
        CompletableFuture<Connection> downstream = new CompletableFuture<>();
        CompletableFuture<DialOutcome> upstream = new CompletableFuture<>();
        try (ChannelDataPath path = new ChannelDataPath(kind, 1)) {
            Door door = path.open(IpPort.of("127.0.0.1:0"), new Acceptor() {
                @Override
                public void arriving() {
                }

                @Override
                public void gone() {
                }

                @Override
                public void accepted(Connection connection) {
                    downstream.complete(connection);
                }

                @Override
                public void starved(String why) {
                    downstream.completeExceptionally(new AssertionError(why));
                }
            });
            path.loops().getFirst().execute(() -> path.dial(path.loops().getFirst(), door.address(), null,
                    Duration.ofSeconds(5), KeepAlive.OFF, upstream::complete));
            assertThat(noDelay(downstream.get(10, TimeUnit.SECONDS))).isTrue();
            assertThat(upstream.get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(DialOutcome.Connected.class, made -> assertThat(noDelay(made.upstream()))
                            .isTrue());
        }
    }

    private static boolean noDelay(Connection connection) {
        return ((ChannelConnection) connection).channel().config().isTcpNoDelay();
    }
}
