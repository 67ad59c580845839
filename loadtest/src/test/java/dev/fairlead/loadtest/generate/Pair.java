package dev.fairlead.loadtest.generate;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Clients and endpoints in this process. */
final class Pair implements AutoCloseable {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final Role clients;
    private final Role endpoints;

    Pair(int loops) {
        assumeTrue(Epoll.isAvailable(), "the generator needs epoll");
        clients = new ClientRole(new Loops(loops), new PrintStream(said, true, StandardCharsets.UTF_8));
        endpoints = new EndpointRole(new Loops(loops));
    }

    Answer clients(String command) throws CommandFailed, InterruptedException {
        return new Answer(clients.answer(Command.parse(command)).toString());
    }

    Answer endpoints(String command) throws CommandFailed, InterruptedException {
        return new Answer(endpoints.answer(Command.parse(command)).toString());
    }

    /** Serves on a port of the kernel's choice. */
    String serve(String how) throws CommandFailed, InterruptedException {
        return endpoints("serve listen=127.0.0.1:0 kind=" + how).address();
    }

    /** What the clients said besides their answers. */
    String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    static InetSocketAddress address(String text) throws CommandFailed {
        return Command.parse("x at=" + text).address("at");
    }

    @Override
    public void close() {
        clients.close();
        endpoints.close();
    }
}
