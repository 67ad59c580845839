package dev.fairlead.app.iptables;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The chains that kube-proxy makes for each service port, and their names: a prefix and 16 characters of the base32 of
 * a SHA-256, since a chain's name has at most 28 (iptables/proxier.go, portProtoHash and servicePortEndpointChainName).
 */
enum ServiceChain {
    /** Spreads over the cluster set. */
    CLUSTER("KUBE-SVC-"),
    /** Spreads over the local set. */
    LOCAL("KUBE-SVL-"),
    /** What comes by an external IP, a load balancer's IP or a NodePort. */
    EXTERNAL("KUBE-EXT-"),
    /** Admits {@code loadBalancerSourceRanges}. */
    FIREWALL("KUBE-FW-"),
    /** Sends to one endpoint. */
    ENDPOINT("KUBE-SEP-");

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int NAME_LENGTH = 16;

    private final String prefix;

    ServiceChain(String prefix) {
        this.prefix = prefix;
    }

    /** The chain of a service port; KUBE-SEP- has one for each endpoint, see {@link #endpoint}. */
    String of(ServicePortName name) {
        return prefix + hash(name + protocol(name));
    }

    /** The chain that sends to one endpoint of a service port. */
    static String endpoint(ServicePortName name, IpPort endpoint) {
        return ENDPOINT.prefix + hash(name + protocol(name) + endpoint);
    }

    /** Whether kube-proxy made a chain for one service port. */
    static boolean isOne(String chain) {
        return Stream.of(values()).anyMatch(kind -> kind.named(chain));
    }

    /** Whether a chain is of this kind. */
    boolean named(String chain) {
        return chain.startsWith(prefix);
    }

    /** iptables' word. */
    static String protocol(ServicePortName name) {
        return name.protocol().name().toLowerCase(Locale.ROOT);
    }

    private static String hash(String text) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("SHA-256 (expected: in every JDK)", impossible);
        }
        StringBuilder name = new StringBuilder(NAME_LENGTH);
        int bits = 0;
        int held = 0;
        for (int i = 0; name.length() < NAME_LENGTH; i++) {
            bits = (bits << 8) | (digest[i] & 0xff);
            held += 8;
            while (held >= 5 && name.length() < NAME_LENGTH) {
                held -= 5;
                name.append(BASE32.charAt((bits >> held) & 31));
            }
            bits &= (1 << held) - 1;
        }
        return name.toString();
    }
}
