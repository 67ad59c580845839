package dev.fairlead.transport.linux.netlink;

import dev.fairlead.transport.linux.EpollSet;
import dev.fairlead.transport.linux.Errno;
import dev.fairlead.transport.linux.Kernel;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this machine's interfaces, and a thread that waits for the kernel to say that they changed. */
public final class AddressWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AddressWatch.class);

    // include/uapi/linux/rtnetlink.h and if_addr.h
    private static final int GET_LINK = 18;
    private static final int GET_ADDRESS = 22;
    private static final int LINK_NAME = 3;
    private static final int LINK_BODY = 16;
    private static final int GROUP_IPV4_ADDRESSES = 0x10;
    private static final int GROUP_IPV6_ADDRESSES = 0x100;
    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;
    private static final int FLAGS = 8;
    private static final int BODY = 8;
    // Not to be used: it is still being looked whether another machine has it, or another one does.
    private static final int DAD_FAILED = 0x08;
    private static final int TENTATIVE = 0x40;
    private static final int NEWS = 1;
    private static final int END = 2;

    private final NetlinkSocket news;
    private final NetlinkSocket questions;
    private final EpollSet waiting;
    private final int endOfPipe;
    private final int otherEnd;
    private final Consumer<List<InterfaceAddress>> ear;
    private final Thread thread;
    private volatile List<InterfaceAddress> now;

    private AddressWatch(Consumer<List<InterfaceAddress>> ear) throws NetlinkFailure {
        this.ear = ear;
        this.news = new NetlinkSocket(NetlinkSocket.ROUTE, GROUP_IPV4_ADDRESSES | GROUP_IPV6_ADDRESSES);
        this.questions = new NetlinkSocket(NetlinkSocket.ROUTE, 0);
        Kernel kernel = news.kernel();
        this.waiting = new EpollSet(kernel, Arena.ofAuto(), 2);
        long pipe = kernel.pipe();
        if (pipe < 0) {
            throw new NetlinkFailure("open a pipe", (int) -pipe);
        }
        this.endOfPipe = (int) pipe;
        this.otherEnd = (int) (pipe >>> 32);
        waiting.add(news.fd(), NEWS);
        waiting.add(endOfPipe, END);
        this.now = list(questions);
        this.thread = Thread.ofPlatform().daemon().name("fairlead-addresses").unstarted(this::run);
    }

    /**
     * Begins to watch.
     *
     * @param ear is told, on the watch's thread, all addresses whenever they are others than before
     */
    public static AddressWatch start(Consumer<List<InterfaceAddress>> ear) throws NetlinkFailure {
        AddressWatch watch = new AddressWatch(ear);
        watch.thread.start();
        return watch;
    }

    /** As last heard. Any thread. */
    public List<InterfaceAddress> now() {
        return now;
    }

    private void run() {
        while (!ended(waiting.await())) {
            news.discard();
            try {
                List<InterfaceAddress> found = list(questions);
                if (!found.equals(now)) {
                    now = found;
                    ear.accept(found);
                }
            } catch (NetlinkFailure | RuntimeException failure) {
                LOG.warn("the addresses of this machine's interfaces may be others by now", failure);
            }
        }
        waiting.close();
        news.close();
        questions.close();
        news.kernel().close(endOfPipe);
    }

    private boolean ended(int count) {
        if (count < 0 && count != -Errno.EINTR) {
            LOG.warn("the addresses of this machine's interfaces are followed no more: {}", Errno.word(-count));
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (waiting.name(i) == END) {
                return true;
            }
        }
        return false;
    }

    /** All usable addresses of both families, as the kernel lists them. */
    static List<InterfaceAddress> list(NetlinkSocket socket) throws NetlinkFailure {
        Map<Integer, String> devices = devices(socket);
        Request request = new Request(GET_ADDRESS, Request.DUMP).intOf(0).intOf(0);
        List<InterfaceAddress> addresses = new ArrayList<>();
        for (Reply reply : socket.list("list the addresses of interfaces", request)) {
            Map<Integer, ByteBuffer> attributes = reply.attributes(BODY);
            int flags = attributes.containsKey(FLAGS) ? attributes.get(FLAGS).getInt(0) : reply.byteAt(2);
            if ((flags & (DAD_FAILED | TENTATIVE)) == 0) {
                String device = devices.getOrDefault(reply.intAt(4), "");
                // Of a point-to-point interface the address is the peer's.
                InetAddress unknown = InetAddress.getLoopbackAddress();
                addresses.add(new InterfaceAddress(device, Reply.address(attributes, LOCAL)
                        .or(() -> Reply.address(attributes, ADDRESS)).orElse(unknown)));
            }
        }
        return List.copyOf(addresses);
    }

    /** The names of all interfaces by their numbers. */
    private static Map<Integer, String> devices(NetlinkSocket socket) throws NetlinkFailure {
        Request request = new Request(GET_LINK, Request.DUMP).intOf(0).intOf(0).intOf(0).intOf(0);
        Map<Integer, String> devices = new HashMap<>();
        for (Reply reply : socket.list("list the interfaces", request)) {
            ByteBuffer name = reply.attributes(LINK_BODY).get(LINK_NAME);
            if (name != null) {
                devices.put(reply.intAt(4), StandardCharsets.UTF_8.decode(name.limit(name.limit() - 1)).toString());
            }
        }
        return devices;
    }

    /** Ends the thread; whoever started it closes it, once. */
    @Override
    public void close() {
        // The pipe's other end is told, which wakes the thread wherever it waits.
        new Kernel().close(otherEnd);
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
