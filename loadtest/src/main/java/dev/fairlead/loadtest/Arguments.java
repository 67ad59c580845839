package dev.fairlead.loadtest;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/** {@code --name value} pairs of a command line. Everything wrong is an {@link IllegalArgumentException} to print. */
public final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    public Arguments(String[] args, Set<String> known) {
        for (int i = 0; i < args.length; i += 2) {
            String name = args[i].startsWith("--") ? args[i].substring(2) : "";
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        "unknown argument \"" + args[i] + "\" (expected: --" + String.join(", --", new TreeSet<>(known))
                                + ")");
            }
            if (i + 1 == args.length) {
                throw new IllegalArgumentException("--" + name + " lacks its value");
            }
            values.put(name, args[i + 1]);
        }
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String text(String name, String otherwise) {
        return text(name).orElse(otherwise);
    }

    public long number(String name, long otherwise, long least, long most) {
        return text(name).map(text -> number(name, text, n -> n >= least && n <= most, least + " to " + most))
                .orElse(otherwise);
    }

    /** Any whole number, such as a seed. */
    public long number(String name, long otherwise) {
        return text(name).map(text -> number(name, text, n -> true, "a whole number")).orElse(otherwise);
    }

    /** {@code 127.0.0.1:8080} or {@code [::1]:8080}. */
    public InetSocketAddress address(String name) {
        String text = text(name).orElseThrow(() -> new IllegalArgumentException("--" + name + " is needed"));
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(
                    "--" + name + ": \"" + text + "\" is not an address (expected: ip:port)");
        }
        String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = (int) number(name, text.substring(colon + 1), n -> n >= 0 && n <= 65535, "a port from 0 to 65535");
        return new InetSocketAddress(host, port);
    }

    private static long number(String name, String text, LongPredicate inRange, String expected) {
        try {
            long value = Long.parseLong(text);
            if (inRange.test(value)) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, in the same words as a number out of range.
        }
        throw new IllegalArgumentException("--" + name + ": \"" + text + "\" (expected: " + expected + ")");
    }
}
