package dev.fairlead.transport.linux.netlink;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpText;
import dev.fairlead.transport.linux.Errno;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Two sets of addresses in a table of nftables, one for each family, whose elements come and go. Sets and table are
 * there already. Any thread.
 */
public final class AddressSet implements AutoCloseable {
    // include/uapi/linux/netfilter/nfnetlink.h and nf_tables.h
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int NFTABLES = 10;
    private static final int NEW_ELEMENT = NFTABLES << 8 | 12;
    private static final int DELETE_ELEMENT = NFTABLES << 8 | 14;
    private static final int FAMILY_INET = 1;
    private static final int TABLE = 1;
    private static final int SET = 2;
    private static final int ELEMENTS = 3;
    private static final int LIST_ELEMENT = 1;
    private static final int KEY = 1;
    private static final int VALUE = 1;

    private final NetlinkSocket socket;
    private final String table;
    private final String set4;
    private final String set6;

    /**
     * Opens a line to the kernel.
     *
     * @param table of family inet
     * @param set4 of type ipv4_addr
     * @param set6 of type ipv6_addr
     */
    public AddressSet(String table, String set4, String set6) throws NetlinkFailure {
        this.socket = new NetlinkSocket(NetlinkSocket.NETFILTER, 0);
        this.table = table;
        this.set4 = set4;
        this.set6 = set6;
    }

    /** Adds an address; one that is there stays. */
    public void add(InetAddress address) throws NetlinkFailure {
        change(NEW_ELEMENT, Request.ACK | Request.CREATE, address);
    }

    /** Removes an address; one that is not there is gone already. */
    public void remove(InetAddress address) throws NetlinkFailure {
        try {
            change(DELETE_ELEMENT, Request.ACK, address);
        } catch (NetlinkFailure failure) {
            if (failure.errno() != Errno.ENOENT) {
                throw failure;
            }
        }
    }

    private synchronized void change(int type, int flags, InetAddress address) throws NetlinkFailure {
        String set = IpFamily.of(address) == IpFamily.IPV4 ? set4 : set6;
        Request request = new Request(type, flags).byteOf(FAMILY_INET).byteOf(0).networkShort(0)
                .attribute(TABLE, name(table)).attribute(SET, name(set));
        int elements = request.begin(ELEMENTS);
        int element = request.begin(LIST_ELEMENT);
        int key = request.begin(KEY);
        request.attribute(VALUE, address).end(key).end(element).end(elements);
        socket.execute("change the set " + set + " of table inet " + table + " by " + IpText.format(address),
                List.of(frame(BATCH_BEGIN), request, frame(BATCH_END)));
    }

    /** What is between two of them takes effect as a whole. */
    private static Request frame(int type) {
        return new Request(type, 0).byteOf(0).byteOf(0).networkShort(NFTABLES);
    }

    private static byte[] name(String name) {
        return (name + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public synchronized void close() {
        socket.close();
    }
}
