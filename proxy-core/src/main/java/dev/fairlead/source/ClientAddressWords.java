package dev.fairlead.source;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.ProxyProtocol;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.model.Transparency;
import dev.fairlead.source.PolicyWord.Parsed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The values of the policy words that are about a client's address. */
final class ClientAddressWords {
    private static final String OFF = "off";

    private ClientAddressWords() {
    }

    static Parsed announced(String text) {
        for (ProxyProtocol version : ProxyProtocol.values()) {
            if (version.toString().equals(text)) {
                return new Parsed.Change(
                        p -> p.withClientAddress(p.clientAddress().withAnnounced(version)));
            }
        }
        return new Parsed.Wrong("\"" + text + "\" is no version of the PROXY protocol (expected: v1, v2 or off)");
    }

    static Parsed transparency(String text) {
        for (Transparency kind : Transparency.values()) {
            if (kind.toString().equals(text)) {
                return new Parsed.Change(p -> p.withClientAddress(p.clientAddress().withTransparency(kind)));
            }
        }
        return new Parsed.Wrong("\"" + text + "\" is unknown (expected: local, all or off)");
    }

    static String showTrusted(ServicePolicy policy) {
        List<Cidr> trusted = policy.clientAddress().trusted();
        return trusted.isEmpty() ? OFF : trusted.stream().map(Cidr::toString).collect(Collectors.joining(","));
    }

    static Parsed trusted(String text) {
        List<Cidr> blocks = new ArrayList<>();
        if (!text.equals(OFF)) {
            for (String part : text.split(",", -1)) {
                Optional<Cidr> block = Cidr.parse(part);
                if (block.isEmpty()) {
                    return new Parsed.Wrong("\"" + part.strip()
                            + "\" is not a CIDR (expected: such as 10.0.0.0/8, or several with commas between, or off)");
                }
                blocks.add(block.get());
            }
        }
        return new Parsed.Change(p -> p.withClientAddress(p.clientAddress().withTrusted(blocks)));
    }
}
