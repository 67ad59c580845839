package dev.fairlead.listen;

import dev.fairlead.listen.OfferedSocket.Use;
import dev.fairlead.model.Drain;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.linux.Kernel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * What another process handed over: sockets of doors that no door has taken yet, and what an operator has taken out of
 * service. Any thread.
 */
public final class Inheritance {
    // In the order in which they were offered, which is that of the seats of those that are shared.
    private final Map<OfferedSocket, Integer> sockets = new LinkedHashMap<>();
    private List<Drain> drains = List.of();

    /** Nothing is inherited. */
    public static Inheritance none() {
        return new Inheritance();
    }

    /**
     * One of them.
     *
     * @param fd its descriptor, which is the taker's from now on
     * @param at what it is bound to
     */
    record Heirloom(int fd, IpPort at) {
    }

    /** Keeps one until it is taken. */
    synchronized void add(OfferedSocket socket, int descriptor) {
        Integer before = sockets.put(socket, descriptor);
        if (before != null) {
            new Kernel().close(before);
        }
    }

    /** The descriptor of the one that is bound for a frontend; empty where there is none. */
    synchronized OptionalInt take(IpPort frontend) {
        Integer descriptor = sockets.remove(OfferedSocket.own(frontend));
        return descriptor == null ? OptionalInt.empty() : OptionalInt.of(descriptor);
    }

    /** The one to which the clients of a frontend alone were led; empty where there is none. */
    synchronized Optional<Heirloom> takeLed(IpPort frontend) {
        return take(one -> one.use() == Use.LED && one.frontend().equals(Optional.of(frontend))).stream().findFirst();
    }

    /** Those of a family that were shared, in the order of their seats. */
    synchronized List<Heirloom> takeShared(IpFamily family) {
        return take(one -> one.use() == Use.SHARED && one.at().family() == family);
    }

    private List<Heirloom> take(Predicate<OfferedSocket> wanted) {
        List<Heirloom> taken = sockets.entrySet().stream().filter(entry -> wanted.test(entry.getKey()))
                .map(entry -> new Heirloom(entry.getValue(), entry.getKey().at())).toList();
        sockets.keySet().removeIf(wanted);
        return taken;
    }

    /** Those of a frontend of UDP, in the order in which they were bound; empty where there are none. */
    synchronized List<Integer> takeDatagrams(IpPort frontend) {
        return take(one -> one.use() == Use.DATAGRAMS && one.at().equals(frontend)).stream().map(Heirloom::fd).toList();
    }

    /** It said so, now or again. */
    synchronized void drained(List<Drain> now) {
        drains = List.copyOf(now);
    }

    /** What is out of service there, as it said last. */
    public synchronized List<Drain> drains() {
        return drains;
    }

    /** How many sockets nobody has taken. */
    public synchronized int size() {
        return sockets.size();
    }

    /** Closes those that nobody wants: their Services are gone. */
    public synchronized void closeRest() {
        sockets.values().forEach(new Kernel()::close);
        sockets.clear();
    }
}
