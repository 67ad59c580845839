package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.OpenFailure;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Doors that open in memory, or not, as a test says. Safe to look at from the test's thread. */
final class ScriptedDoors implements Doors {
    private final Set<TransportAddress> open = new ConcurrentSkipListSet<>();
    private final Set<TransportAddress> held = new ConcurrentSkipListSet<>();
    private final Map<TransportAddress, String> stuck = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile Consumer<String> onCall = _ -> {
    };

    @Override
    public void open(TransportAddress address, SourceFilter filter) throws OpenFailure {
        record("open " + address);
        String why = stuck.get(address);
        if (why != null) {
            throw new OpenFailure(why, new IllegalStateException(why));
        }
        if (!open.add(address)) {
            throw new IllegalStateException(address + " is open already");
        }
        held.remove(address);
    }

    @Override
    public void filter(TransportAddress address, SourceFilter filter) throws OpenFailure {
        record("filter " + address + " " + filter);
        String why = stuck.get(address);
        if (why != null) {
            throw new OpenFailure(why, new IllegalStateException(why));
        }
        if (!open.contains(address)) {
            throw new IllegalStateException(address + " is not open");
        }
    }

    @Override
    public void close(TransportAddress address) {
        record("close " + address);
        if (!open.remove(address)) {
            throw new IllegalStateException(address + " is not open");
        }
    }

    @Override
    public void hold(TransportAddress address) {
        record("hold " + address);
        if (!held.add(address)) {
            throw new IllegalStateException(address + " is held already");
        }
    }

    @Override
    public void letGo(TransportAddress address) {
        record("let go " + address);
        if (!held.remove(address)) {
            throw new IllegalStateException(address + " is not held");
        }
    }

    @Override
    public void keepClients() {
        record("keep clients");
    }

    private void record(String call) {
        onCall.accept(call);
        calls.add(call);
    }

    /** From now on this TCP door does not open. */
    void stick(String address, String why) {
        stuck.put(TransportAddress.tcp(IpPort.of(address)), why);
    }

    void loosen(String address) {
        stuck.remove(TransportAddress.tcp(IpPort.of(address)));
    }

    /** Runs on the caller's thread before each call takes effect. */
    void onCall(Consumer<String> action) {
        onCall = action;
    }

    List<String> calls() {
        return calls;
    }

    List<String> held() {
        return held.stream().map(TransportAddress::toString).toList();
    }

    List<String> opened() {
        return open.stream().map(TransportAddress::toString).toList();
    }
}
