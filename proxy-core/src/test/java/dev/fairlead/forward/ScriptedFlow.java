package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.FlowCallback;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.Loop;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A flow without sockets, whose openings a test has chosen; later ones succeed. */
final class ScriptedFlow implements DatagramFlow {
    private final Loop loop;
    private final IpPort client;
    private final Queue<FlowOpening> openings;
    boolean connected;
    boolean closed;

    ScriptedFlow(Loop loop, int clientPort, FlowOpening... openings) {
        this.loop = loop;
        this.client = IpPort.of("192.0.2.1:" + clientPort);
        this.openings = new ArrayDeque<>(List.of(openings));
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public IpPort client() {
        return client;
    }

    @Override
    public FlowOpening connect(IpPort endpoint, @Nullable InetAddress source, FlowCallback callback, int responses) {
        FlowOpening scripted = openings.poll();
        FlowOpening opening = scripted == null ? FlowOpening.Connected.INSTANCE : scripted;
        connected = opening instanceof FlowOpening.Connected;
        return opening;
    }

    @Override
    public void disconnect(FlowCallback callback) {
        connected = false;
    }

    @Override
    public long datagrams(Direction direction) {
        return 0;
    }

    @Override
    public long bytes(Direction direction) {
        return 0;
    }

    @Override
    public boolean assured() {
        return false;
    }

    @Override
    public void close() {
        connected = false;
        closed = true;
    }
}
