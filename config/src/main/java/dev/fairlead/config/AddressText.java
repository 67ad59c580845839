package dev.fairlead.config;

import dev.fairlead.config.Form.Meaning;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import java.util.Optional;

/** Addresses with ports as people write them; {@code localhost} is 127.0.0.1, other names are never looked up. */
final class AddressText {
    static final String EXPECTED = "an address and a port such as 127.0.0.1:8080 or [::1]:8080";
    private static final String LOCALHOST = "localhost";

    private AddressText() {
    }

    /** An address that can be dialled or listened on: the port is 1 to 65535. */
    static Meaning<IpPort> parse(String text) {
        return parse(text, 1);
    }

    /** An address to listen on, where port 0 means any free one. */
    static Meaning<IpPort> parseAnyPort(String text) {
        return parse(text, 0);
    }

    private static Meaning<IpPort> parse(String text, int leastPort) {
        String plain = text.startsWith(LOCALHOST + ":") ? "127.0.0.1" + text.substring(LOCALHOST.length()) : text;
        Optional<IpPort> address = IpPort.parse(plain).filter(a -> a.port() >= leastPort);
        return address.<Meaning<IpPort>>map(Meaning.Value::new)
                .orElseGet(() -> new Meaning.Wrong<>(why(plain, leastPort)));
    }

    private static String why(String text, int leastPort) {
        String quoted = Words.quote(text);
        if (text.matches(":?\\d{1,5}")) {
            String local = "127.0.0.1:" + text.replace(":", "");
            return quoted + " has no IP address (expected: " + EXPECTED + ")"
                    + (IpPort.parse(local).isPresent() ? " - did you mean \"" + local + "\"?" : "");
        }
        if (text.equals(LOCALHOST) || (text.indexOf(':') < 0 && IpText.parse(text).isPresent())) {
            return quoted + " has no port (expected: " + EXPECTED + ")";
        }
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return quoted + " is not an address (expected: " + EXPECTED + ")";
        }
        String host = text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.indexOf(':') >= 0 && !host.startsWith("[")) {
            String bracketed = "[" + host + "]:" + port;
            String hint = IpPort.parse(bracketed).isPresent() ? " - did you mean \"" + bracketed + "\"?" : "";
            return quoted + " is an IPv6 address without brackets (expected: " + EXPECTED + ")" + hint;
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (IpText.parse(bracketed ? host.substring(1, host.length() - 1) : host).isEmpty()) {
            return Words.quote(host) + " is not an IP address (expected: " + EXPECTED + "; names are not looked up)";
        }
        return Words.quote(port) + " is not a port (expected: a whole number from " + leastPort + " to 65535)";
    }
}
