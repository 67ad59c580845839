package dev.fairlead.forward;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.transport.DataPath;
import java.nio.ByteBuffer;

/** A PROXY protocol header toward an endpoint; see {@link ProxyHeaderReader}. */
final class ProxyHeaderWriter {
    /**
     * The extension that names the service, {@code namespace/name:port} in UTF-8: the first of those that the protocol
     * leaves to applications (section 2.2.8, 0xE0 to 0xEF).
     */
    static final int TYPE_SERVICE = 0xe0;

    private static final int MAPPED_PREFIX = 12;

    private ProxyHeaderWriter() {
    }

    /** Version 1. Where the two are of different families, an IPv4 address is written as IPv6 (::ffff:0:0/96). */
    static byte[] version1(IpPort source, IpPort destination) {
        boolean four = four(source, destination);
        return ("PROXY " + (four ? "TCP4 " : "TCP6 ") + text(source, four) + " " + text(destination, four) + " "
                + source.port() + " " + destination.port() + "\r\n").getBytes(US_ASCII);
    }

    /** Version 2, with the service's name where there is room for it. */
    static byte[] version2(IpPort source, IpPort destination, ServicePortName service) {
        boolean four = four(source, destination);
        byte[] name = service.toString().getBytes(UTF_8);
        int addresses = four ? 12 : 36;
        int most = DataPath.LONGEST_PREFACE - ProxyHeaderReader.V2_FIXED - addresses;
        int extension = 3 + name.length > most ? 0 : 3 + name.length;
        ByteBuffer header = ByteBuffer.allocate(ProxyHeaderReader.V2_FIXED + addresses + extension);
        header.put(ProxyHeaderReader.SIGNATURE)
                .put((byte) (ProxyHeaderReader.VERSION_2 | ProxyHeaderReader.PROXY))
                .put((byte) (four ? ProxyHeaderReader.TCP4 : ProxyHeaderReader.TCP6))
                .putShort((short) (addresses + extension));
        header.put(bytes(source, four)).put(bytes(destination, four)).putShort((short) source.port())
                .putShort((short) destination.port());
        if (extension > 0) {
            header.put((byte) TYPE_SERVICE).putShort((short) name.length).put(name);
        }
        return header.array();
    }

    private static boolean four(IpPort source, IpPort destination) {
        return source.family() == IpFamily.IPV4 && destination.family() == IpFamily.IPV4;
    }

    private static String text(IpPort address, boolean four) {
        String text = IpText.format(address.ip());
        return four || address.family() == IpFamily.IPV6 ? text : "::ffff:" + text;
    }

    private static byte[] bytes(IpPort address, boolean four) {
        byte[] ip = address.ip().getAddress();
        if (four || ip.length == 16) {
            return ip;
        }
        byte[] mapped = new byte[16];
        mapped[MAPPED_PREFIX - 2] = (byte) 0xff;
        mapped[MAPPED_PREFIX - 1] = (byte) 0xff;
        System.arraycopy(ip, 0, mapped, MAPPED_PREFIX, ip.length);
        return mapped;
    }
}
