package dev.fairlead.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A block of addresses, {@code 10.0.0.0/8}, in normal form: bits beyond the prefix are zero. A bare address reads as
 * the block of that one address.
 *
 * @param base the first address of the block; any address of it may be given
 * @param prefix leading bits that count, 0 to the family's length
 */
public record Cidr(InetAddress base, int prefix) {
    public Cidr {
        if (prefix < 0 || prefix > IpFamily.of(base).bits()) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: 0-" + IpFamily.of(base).bits() + ")");
        }
        base = first(base, prefix);
    }

    private static InetAddress first(InetAddress any, int prefix) {
        byte[] bytes = any.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("length: " + bytes.length + " (expected: 4 or 16)", impossible);
        }
    }

    /** The block, or empty where the text is none. Surrounding white space is ignored, as kube-proxy does. */
    public static Optional<Cidr> parse(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        if (slash < 0) {
            return IpText.parse(trimmed).map(ip -> new Cidr(ip, IpFamily.of(ip).bits()));
        }
        String digits = trimmed.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(digits);
        return IpText.parse(trimmed.substring(0, slash)).filter(ip -> prefix <= IpFamily.of(ip).bits())
                .map(ip -> new Cidr(ip, prefix));
    }

    public IpFamily family() {
        return IpFamily.of(base);
    }

    /** Whether an address lies in the block; one of the other family never does. */
    public boolean contains(InetAddress address) {
        if (IpFamily.of(address) != family()) {
            return false;
        }
        byte[] a = base.getAddress();
        byte[] b = address.getAddress();
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (a[i] != b[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((a[whole] ^ b[whole]) & 0xff) >> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        return IpText.format(base) + "/" + prefix;
    }
}
