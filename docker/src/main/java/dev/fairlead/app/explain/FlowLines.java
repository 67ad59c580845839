package dev.fairlead.app.explain;

import dev.fairlead.balance.Flow;
import dev.fairlead.model.IpFamily;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import dev.fairlead.source.Suggestion;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Flows as text, one a line: {@code 10.180.0.2 -> 172.30.0.41:80/TCP}, IPv6 addresses in brackets. Empty lines and
 * those that begin with # say nothing.
 *
 * @param flows in their order
 * @param problems everything that is wrong, {@code file:line:column: what (what was expected)}
 */
public record FlowLines(List<Flow> flows, List<String> problems) {
    private static final String ARROW = "->";
    private static final String EXPECTED = "SOURCE -> DESTINATION:PORT/PROTOCOL such as 10.1.2.3 -> 10.96.0.10:80/TCP";
    private static final List<String> PROTOCOLS = Arrays.stream(Protocol.values()).map(Protocol::name).toList();

    public FlowLines {
        flows = List.copyOf(flows);
        problems = List.copyOf(problems);
    }

    /**
     * Reads all lines.
     *
     * @param name as messages name the text
     */
    public static FlowLines read(String name, String text) {
        Reader reader = new Reader(name);
        int number = 0;
        for (String line : text.split("\r?\n", -1)) {
            number++;
            if (!line.isBlank() && !line.strip().startsWith("#")) {
                reader.line(number, line);
            }
        }
        return new FlowLines(reader.flows, reader.problems);
    }

    private static final class Reader {
        private final String name;
        private final List<Flow> flows = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        Reader(String name) {
            this.name = name;
        }

        void line(int number, String line) {
            int arrow = line.indexOf(ARROW);
            int slash = line.lastIndexOf('/');
            if (arrow < 0 || slash < arrow) {
                problem(number, 1 + line.length() - line.stripLeading().length(),
                        "\"" + cut(line.strip()) + "\" is not a flow (expected: " + EXPECTED + ")");
                return;
            }
            int before = problems.size();
            Part from = new Part(line.substring(0, arrow), 1);
            Part to = new Part(line.substring(arrow + ARROW.length(), slash), arrow + ARROW.length() + 1);
            Part by = new Part(line.substring(slash + 1), slash + 2);
            Optional<InetAddress> source = source(number, from);
            Optional<IpPort> destination = destination(number, to);
            Optional<Protocol> protocol = protocol(number, by);
            if (problems.size() == before && source.isPresent() && destination.isPresent() && protocol.isPresent()) {
                if (IpFamily.of(source.get()) != destination.get().family()) {
                    problem(number, from.column(), "\"" + cut(from.word()) + "\" is an "
                            + IpFamily.of(source.get()) + " address (expected: an " + destination.get().family()
                            + " address, as the destination is)");
                    return;
                }
                flows.add(new Flow(protocol.get(), source.get(), destination.get()));
            }
        }

        private Optional<InetAddress> source(int number, Part part) {
            String word = part.word();
            boolean bracketed = word.startsWith("[") && word.endsWith("]");
            Optional<InetAddress> ip = IpText.parse(bracketed ? word.substring(1, word.length() - 1) : word);
            if (ip.isEmpty()) {
                problem(number, part.column(),
                        "\"" + cut(word) + "\" is not an IP address (expected: such as 10.1.2.3 or [fd00::1])");
            }
            return ip;
        }

        private Optional<IpPort> destination(int number, Part part) {
            Optional<IpPort> address = IpPort.parse(part.word()).filter(one -> one.port() != 0);
            if (address.isEmpty()) {
                problem(number, part.column(), "\"" + cut(part.word())
                        + "\" is not an address and a port (expected: such as 10.96.0.10:80 or [fd00::1]:80)");
            }
            return address;
        }

        private Optional<Protocol> protocol(int number, Part part) {
            String word = part.word().toUpperCase(Locale.ROOT);
            if (PROTOCOLS.contains(word)) {
                return Optional.of(Protocol.valueOf(word));
            }
            problem(number, part.column(), "unknown protocol \"" + cut(part.word()) + "\" (expected: one of "
                    + String.join(", ", PROTOCOLS) + ")"
                    + Suggestion.nearest(cut(word), PROTOCOLS).map(near -> " - did you mean \"" + near + "\"?")
                            .orElse(""));
            return Optional.empty();
        }

        private void problem(int number, int column, String what) {
            problems.add(name + ":" + number + ":" + column + ": " + what);
        }

        private static String cut(String text) {
            return text.length() <= 60 ? text : text.substring(0, 60) + "…";
        }
    }

    /** A piece of a line. */
    private record Part(String text, int start) {
        String word() {
            return text.strip();
        }

        int column() {
            return start + text.length() - text.stripLeading().length();
        }
    }
}
