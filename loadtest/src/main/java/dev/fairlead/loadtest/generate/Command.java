package dev.fairlead.loadtest.generate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One line of the protocol: {@code word key=value key=value}. Whatever is wrong with a line is a {@link CommandFailed}
 * that says what was expected.
 */
record Command(String word, Map<String, String> values) {
    static Command parse(String line) throws CommandFailed {
        String[] words = line.trim().split("\\s+");
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 1) {
                throw new CommandFailed("\"" + words[i] + "\" is not key=value");
            }
            if (values.put(words[i].substring(0, equals), words[i].substring(equals + 1)) != null) {
                throw new CommandFailed(words[i].substring(0, equals) + " is given twice");
            }
        }
        return new Command(words[0], values);
    }

    /** Refuses a misspelt key, which would otherwise be a load that is not the one asked for. */
    Command knowing(String... keys) throws CommandFailed {
        for (String key : values.keySet()) {
            if (!Set.of(keys).contains(key)) {
                throw new CommandFailed(word + " knows no \"" + key + "\" (expected: "
                        + (keys.length == 0 ? "nothing" : String.join(", ", new TreeSet<>(Set.of(keys)))) + ")");
            }
        }
        return this;
    }

    Optional<String> optional(String key) {
        return Optional.ofNullable(values.get(key));
    }

    String text(String key) throws CommandFailed {
        return optional(key).orElseThrow(() -> new CommandFailed(word + " needs " + key + "=..."));
    }

    int number(String key, int otherwise, int least, int most) throws CommandFailed {
        return values.containsKey(key) ? number(key, least, most) : otherwise;
    }

    int number(String key, int least, int most) throws CommandFailed {
        return (int) whole(key, text(key), least, most);
    }

    /** Any whole number, such as a seed. */
    long whole(String key, long otherwise) throws CommandFailed {
        return values.containsKey(key) ? whole(key, text(key), Long.MIN_VALUE, Long.MAX_VALUE) : otherwise;
    }

    /** A number that may have a fraction, such as seconds. */
    double decimal(String key, double least, double most) throws CommandFailed {
        String text = text(key);
        try {
            double value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, in the same words as a number out of range.
        }
        throw new CommandFailed(key + "=" + text + " (expected: a number from " + least + " to " + most + ")");
    }

    List<Long> processes(String key) throws CommandFailed {
        List<Long> pids = new ArrayList<>();
        if (values.containsKey(key)) {
            for (String text : text(key).split(",")) {
                pids.add(whole(key, text, 1, Integer.MAX_VALUE));
            }
        }
        return pids;
    }

    InetSocketAddress address(String key) throws CommandFailed {
        return address(key, text(key));
    }

    List<InetSocketAddress> addresses(String key) throws CommandFailed {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String text : text(key).split(",")) {
            addresses.add(address(key, text));
        }
        return addresses;
    }

    /** An address that is a part of a value. */
    static InetSocketAddress address(String key, String text) throws CommandFailed {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            try {
                InetAddress ip = InetAddress.ofLiteral(text.substring(0, colon).replaceAll("^\\[|\\]$", ""));
                return new InetSocketAddress(ip, (int) whole(key, text.substring(colon + 1), 0, 65_535));
            } catch (IllegalArgumentException notAnIp) {
                // Said below.
            }
        }
        throw new CommandFailed(key + "=" + text + " (expected: ip:port, or [ip]:port)");
    }

    private static long whole(String key, String text, long least, long most) throws CommandFailed {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, in the same words as a number out of range.
        }
        throw new CommandFailed(key + "=" + text + " (expected: a whole number from " + least + " to " + most + ")");
    }
}
