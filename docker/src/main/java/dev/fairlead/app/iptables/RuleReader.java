package dev.fairlead.app.iptables;

import dev.fairlead.model.Cidr;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One {@code -A} line to a rule. The nft and the legacy flavour print matches in different order and with different
 * defaults ({@code -m tcp}, {@code /32}, {@code --mask}, {@code --rsource}), so that order counts for nothing here and
 * defaults are read over.
 */
final class RuleReader {
    /** What came of a line. */
    sealed interface Reading {
        /** Understood. */
        record Read(Rule rule) implements Reading {
        }

        /** Not understood; {@code why} says what was expected. */
        record Damaged(String why) implements Reading {
        }
    }

    /** Stays within this class. */
    private static final class Unreadable extends Exception {
        Unreadable(String why) {
            super(why);
        }
    }

    private final List<String> words;
    private final List<Match> matches = new ArrayList<>();
    private int next;
    private boolean negated;
    private String chain = "";
    private String comment = "";
    private Action action = new Action.None();
    private boolean acts;
    private Optional<Match> recent = Optional.empty();
    private String recentList = "DEFAULT";
    private OptionalLong recentSeconds = OptionalLong.empty();

    private RuleReader(List<String> words) {
        this.words = words;
    }

    /** Reads a line, counters in front of it included. */
    static Reading read(int line, String text) {
        Optional<List<String>> words = RuleWords.split(text);
        if (words.isEmpty()) {
            return new Reading.Damaged("a quote does not end");
        }
        try {
            return new Reading.Read(new RuleReader(words.get()).rule(line));
        } catch (Unreadable e) {
            return new Reading.Damaged(String.valueOf(e.getMessage()));
        }
    }

    private Rule rule(int line) throws Unreadable {
        while (next < words.size()) {
            String word = words.get(next++);
            if (word.equals("!")) {
                negated = true;
                continue;
            }
            option(word);
            negated = false;
        }
        if (chain.isEmpty()) {
            throw new Unreadable("no chain (expected: -A CHAIN)");
        }
        recent.ifPresent(match -> matches.add(switch (match) {
            case Match.Remember _ -> new Match.Remember(recentList);
            default -> new Match.SeenBefore(recentList, recentSeconds);
        }));
        return new Rule(line, chain, matches, action, comment);
    }

    private void option(String word) throws Unreadable {
        switch (word) {
            case "-A", "--append" -> chain = operand(word);
            case "-s", "--source", "--src" -> {
                Cidr block = block(word);
                matches.add(new Match.Source(block, negated));
            }
            case "-d", "--destination", "--dst" -> {
                Cidr block = block(word);
                matches.add(new Match.Destination(block, negated));
            }
            case "-p", "--protocol" -> protocol(word);
            case "--dport", "--destination-port" -> {
                String range = operand(word);
                int colon = range.indexOf(':');
                matches.add(new Match.DestinationPort(port(colon < 0 ? range : range.substring(0, colon)),
                        port(colon < 0 ? range : range.substring(colon + 1)), negated));
            }
            case "-i", "--in-interface" -> matches.add(new Match.Interface(operand(word), negated));
            case "--src-type" -> matches.add(
                    operand(word).equals("LOCAL") ? new Match.FromNode(negated) : unknown("--src-type", next - 1));
            case "--dst-type" -> matches.add(
                    operand(word).equals("LOCAL") ? new Match.ToNode(negated) : unknown("--dst-type", next - 1));
            case "--ctstate", "--state" -> matches.add(new Match.State(operand(word), negated));
            case "--probability" -> matches.add(new Match.Chance(probability(operand(word))));
            case "--rcheck" -> recent = Optional.of(new Match.SeenBefore("", OptionalLong.empty()));
            case "--set" -> recent = Optional.of(new Match.Remember(""));
            case "--name" -> recentList = operand(word);
            case "--seconds" -> recentSeconds = OptionalLong.of(number(operand(word)));
            case "--comment" -> comment = operand(word);
            case "-j", "--jump", "-g", "--goto" -> action(operand(word));
            case "-m", "--match", "--mask", "--mode", "--nfacct-name" -> operand(word);
            case "--reap", "--rsource" -> {
                // Says nothing about where a connection goes.
            }
            default -> {
                // The counters in front, and what the present action is told.
                if (!acts && !word.startsWith("[")) {
                    matches.add(unknown(word, next));
                }
            }
        }
    }

    /** A word and its operands, as text. */
    private Match unknown(String word, int from) {
        StringBuilder text = new StringBuilder(negated ? "! " : "").append(word);
        next = from;
        while (next < words.size() && !words.get(next).startsWith("-") && !words.get(next).equals("!")) {
            text.append(' ').append(words.get(next++));
        }
        return new Match.Unknown(text.toString());
    }

    private String operand(String option) throws Unreadable {
        if (next < words.size() && words.get(next).equals("!")) {
            negated = true; // Old releases put it behind the option.
            next++;
        }
        if (next >= words.size()) {
            throw new Unreadable(option + " is the last word (expected: a value)");
        }
        return words.get(next++);
    }

    private Cidr block(String option) throws Unreadable {
        String text = operand(option);
        return Blocks.parse(text)
                .orElseThrow(() -> new Unreadable(option + " " + text + " (expected: an address or a block)"));
    }

    private void protocol(String option) throws Unreadable {
        String text = operand(option);
        switch (text.toLowerCase(Locale.ROOT)) {
            case "tcp", "6" -> matches.add(new Match.OfProtocol(Protocol.TCP, negated));
            case "udp", "17" -> matches.add(new Match.OfProtocol(Protocol.UDP, negated));
            case "sctp", "132" -> matches.add(new Match.OfProtocol(Protocol.SCTP, negated));
            case "all", "0" -> {
                // Fits everything.
            }
            default -> matches.add(new Match.Unknown((negated ? "! " : "") + option + " " + text));
        }
    }

    private static int port(String text) throws Unreadable {
        long value = number(text);
        if (value > 65535) {
            throw new Unreadable("port " + text + " (expected: 0-65535)");
        }
        return (int) value;
    }

    private static long number(String text) throws Unreadable {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Unreadable("\"" + text + "\" (expected: a number)");
        }
        return Long.parseLong(text);
    }

    private static double probability(String text) throws Unreadable {
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= 0 && value <= 1)) {
            throw new Unreadable("probability " + text + " (expected: 0 to 1)");
        }
        return value;
    }

    private void action(String word) throws Unreadable {
        acts = true;
        action = switch (word) {
            case "DNAT" -> dnat();
            case "MARK" -> mark();
            case "MASQUERADE", "SNAT" -> new Action.Masquerade();
            case "REJECT" -> new Action.Reject();
            case "DROP" -> new Action.Drop();
            case "ACCEPT" -> new Action.Accept();
            case "RETURN" -> new Action.Return();
            default -> new Action.Jump(word);
        };
    }

    /** The value of an option of the action, anywhere behind it. */
    private Optional<String> told(String option) {
        int at = words.subList(next, words.size()).indexOf(option);
        return at < 0 || next + at + 1 >= words.size() ? Optional.empty() : Optional.of(words.get(next + at + 1));
    }

    private Action dnat() throws Unreadable {
        String text = told("--to-destination").orElse("");
        Optional<IpPort> to = IpPort.parse(text);
        if (to.isEmpty()) {
            // Without a port the client's is kept; a service's endpoint always has one.
            String kind = IpText.parse(text).isPresent() ? "an address without a port" : "no address and port";
            throw new Unreadable("--to-destination " + text + " is " + kind + " (expected: such as 10.1.2.3:80)");
        }
        return new Action.Dnat(to.get());
    }

    /** Setting a bit marks; clearing one does not. */
    private Action mark() throws Unreadable {
        for (String option : List.of("--or-mark", "--set-mark", "--set-xmark")) {
            Optional<String> value = told(option);
            if (value.isEmpty()) {
                continue;
            }
            String[] parts = value.get().split("/", -1);
            boolean nothing = bits(parts[0]) == 0 || (parts.length > 1 && bits(parts[1]) == 0);
            return nothing ? new Action.None() : new Action.Mark();
        }
        return new Action.None();
    }

    private static long bits(String text) throws Unreadable {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new Unreadable("mark " + text + " (expected: a number such as 0x4000)");
        }
    }
}
