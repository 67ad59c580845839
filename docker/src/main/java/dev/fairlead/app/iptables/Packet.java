package dev.fairlead.app.iptables;

import dev.fairlead.model.Protocol;
import java.net.InetAddress;
import java.util.Set;

/**
 * The first packet of a connection, before anybody has translated it.
 *
 * @param source who sends it
 * @param destination the address that is dialled
 * @param toNode whether the destination is one of the node's own
 * @param port the port that is dialled
 */
record Packet(Protocol protocol, Source source, InetAddress destination, boolean toNode, int port) {
    /**
     * Who sends it.
     *
     * @param node whether the address is one of the node's own
     * @param podInterface whether it comes from where pods are attached
     * @param words for a reader: {@code pods}
     */
    record Source(InetAddress address, boolean node, boolean podInterface, String words) {
    }

    /**
     * Whether a rule is about this packet, chance and memory apart.
     *
     * @param unclear takes what a rule that is otherwise about it asks for, if that is not known here; it does not fit
     */
    boolean fits(Rule rule, Set<String> unclear) {
        for (Match match : rule.matches()) {
            if (!fits(match)) {
                return false;
            }
        }
        boolean clear = true;
        for (Match match : rule.matches()) {
            if (match instanceof Match.Unknown(String text)) {
                unclear.add("line " + rule.line() + ", a rule of " + rule.chain() + ", asks for \"" + text + "\"");
                clear = false;
            }
        }
        return clear;
    }

    private boolean fits(Match match) {
        return switch (match) {
            case Match.Source(var block, boolean not) -> block.contains(source.address()) != not;
            case Match.Destination(var block, boolean not) -> block.contains(destination) != not;
            case Match.OfProtocol(var wanted, boolean not) -> (wanted == protocol) != not;
            case Match.DestinationPort(int from, int to, boolean not) -> (from <= port && port <= to) != not;
            case Match.Interface(_, boolean not) -> source.podInterface() != not;
            case Match.FromNode(boolean not) -> source.node() != not;
            case Match.ToNode(boolean not) -> toNode != not;
            case Match.State state -> state.fitsNew();
            case Match.Chance _,Match.SeenBefore _,Match.Remember _,Match.Unknown _ -> true;
        };
    }
}
