package dev.fairlead.transport.uring;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** struct sockaddr_in and struct sockaddr_in6, in native memory. */
final class SocketAddresses {
    /** Room for either. */
    static final int SIZE = 28;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int INET_SIZE = 16;

    private SocketAddresses() {
    }

    static int domain(IpFamily family) {
        return family == IpFamily.IPV4 ? AF_INET : AF_INET6;
    }

    /**
     * Writes an address to the begin of the memory.
     *
     * @return how long it is there
     */
    static int write(IpPort address, ByteBuffer memory) {
        byte[] ip = address.ip().getAddress();
        boolean four = address.family() == IpFamily.IPV4;
        memory.putShort(0, (short) domain(address.family()));
        memory.put(2, (byte) (address.port() >> 8)).put(3, (byte) address.port());
        if (four) {
            memory.put(4, ip).putLong(8, 0);
            return INET_SIZE;
        }
        memory.putInt(4, 0).put(8, ip).putInt(24, 0);
        return SIZE;
    }

    static IpPort read(ByteBuffer memory) {
        byte[] ip = new byte[memory.getShort(0) == AF_INET ? 4 : 16];
        memory.get(ip.length == 4 ? 4 : 8, ip);
        int port = (memory.get(2) & 0xff) << 8 | (memory.get(3) & 0xff);
        try {
            return new IpPort(InetAddress.getByAddress(ip), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("address of " + ip.length + " bytes", impossible);
        }
    }
}
