package dev.fairlead.forward;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.DatagramFlow;
import dev.fairlead.transport.Direction;
import dev.fairlead.transport.FlowCallback;
import dev.fairlead.transport.FlowOpening;
import java.net.InetAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A flow in the hands of a test: writes down what it is told and does about it what the test has asked for. */
final class RecordedFlow implements FlowCallback {
    /** What a flow is told. */
    enum Told {
        REPLIED, ANSWERED, WANTED, UNREACHABLE, DOOR_CLOSED
    }

    /**
     * What a flow was told, and its state at that moment.
     *
     * @param cause BUG where there is none to tell
     * @param up datagrams that were passed on to the endpoint so far
     */
    record Event(Told told, Cause cause, long up, long down) {
        @Override
        public String toString() {
            return told == Told.UNREACHABLE ? told + " " + cause : told.toString();
        }
    }

    final DatagramFlow flow;
    final IpPort client;
    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final DatagramRig rig;
    private boolean connecting;
    private boolean closed;

    RecordedFlow(DatagramRig rig, DatagramFlow flow) {
        this.rig = rig;
        this.flow = flow;
        this.client = flow.client();
    }

    FlowOpening connect(IpPort endpoint, int responses) {
        return connect(endpoint, null, responses);
    }

    /** @param source whose address the endpoint is to see; null = this machine's */
    FlowOpening connect(IpPort endpoint, @Nullable InetAddress source, int responses) {
        connecting = true;
        try {
            return flow.connect(endpoint, source, this, responses);
        } finally {
            connecting = false;
        }
    }

    void disconnect() {
        flow.disconnect(this);
    }

    void close() {
        closed = true;
        flow.close();
    }

    /** Does something on the flow's loop and waits for it. */
    void onLoop(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, flow.loop()).get(10, TimeUnit.SECONDS);
    }

    /** So many datagrams, so many bytes: what the flow itself has counted. */
    String counts(Direction direction) throws Exception {
        return CompletableFuture.supplyAsync(() -> flow.datagrams(direction) + ", " + flow.bytes(direction),
                flow.loop()).get(10, TimeUnit.SECONDS);
    }

    boolean assured() throws Exception {
        return CompletableFuture.supplyAsync(flow::assured, flow.loop()).get(10, TimeUnit.SECONDS);
    }

    Event nextEvent() throws InterruptedException {
        Event event = events.poll(10, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing told to the flow of " + client + " within 10 s");
        }
        return event;
    }

    @Override
    public void wanted() {
        told(Told.WANTED, Cause.BUG);
    }

    @Override
    public void replied() {
        told(Told.REPLIED, Cause.BUG);
    }

    @Override
    public void answered() {
        told(Told.ANSWERED, Cause.BUG);
    }

    @Override
    public void unreachable(Cause cause, String detail) {
        if (detail.isBlank()) {
            rig.violations.add("no word of the kernel's with " + cause);
        }
        told(Told.UNREACHABLE, cause);
    }

    @Override
    public void doorClosed() {
        told(Told.DOOR_CLOSED, Cause.BUG);
        closed = true;
    }

    private void told(Told what, Cause cause) {
        if (connecting) {
            rig.violations.add(what + " before connect returned");
        }
        if (closed) {
            rig.violations.add(what + " after the flow was closed");
        }
        if (!flow.loop().inLoop()) {
            rig.violations.add(what + " on a thread that is not the flow's loop");
        }
        Event event = new Event(what, cause, flow.datagrams(Direction.UP), flow.datagrams(Direction.DOWN));
        rig.reaction(what).accept(this);
        events.add(event);
    }
}
