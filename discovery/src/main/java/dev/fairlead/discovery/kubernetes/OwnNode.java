package dev.fairlead.discovery.kubernetes;

import dev.fairlead.source.NodeObject;
import dev.fairlead.source.PodDetection;
import dev.fairlead.source.TranslationSettings;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much is known of the node we run on. One thread. */
final class OwnNode {
    private static final List<String> ADDRESS_TYPES = List.of("InternalIP", "ExternalIP");

    private static final Logger LOG = LoggerFactory.getLogger(OwnNode.class);
    private static final String NO_ADDRESS = " has no address yet (expected: an InternalIP or ExternalIP in its status, or"
            + " nodeAddresses): node ports have none either";
    private static final String NO_POD_CIDR = " has no podCIDR yet (expected: one in its spec, as detectLocalMode: NodeCIDR"
            + " wants it): no source is taken for a pod";

    private enum State {
        UNKNOWN, INCOMPLETE, COMPLETE, GONE
    }

    private final Optional<String> name;
    private final boolean addresses;
    private final boolean podCidrs;
    private State state = State.UNKNOWN;
    private String lacks = "";
    private boolean readable = true;

    OwnNode(TranslationSettings settings) {
        this.name = settings.nodeName();
        this.addresses = settings.nodeAddresses().isEmpty();
        this.podCidrs = settings.pods() instanceof PodDetection.ByNode;
    }

    void is(NodeObject node) {
        boolean lacksAddresses = addresses
                && node.addresses().stream().noneMatch(one -> ADDRESS_TYPES.contains(one.type()));
        boolean lacksCidrs = podCidrs && node.podCidrs().isEmpty();
        State before = state;
        state = lacksAddresses || lacksCidrs ? State.INCOMPLETE : State.COMPLETE;
        lacks = lacksAddresses ? NO_ADDRESS : NO_POD_CIDR;
        if (state == State.INCOMPLETE && before == State.UNKNOWN) {
            LOG.info("{}; the first state waits a while for it", lacking(node.name()));
        }
    }

    void gone() {
        state = state == State.UNKNOWN ? State.UNKNOWN : State.GONE;
    }

    /** Whether the server lets us look. */
    void readable(boolean may) {
        readable = may;
    }

    /** Whether nothing better is to be expected by waiting. */
    boolean settled() {
        return name.isEmpty() || state == State.COMPLETE || !readable;
    }

    /** What a reader should know about it; empty where all is well. */
    Optional<String> note() {
        return name.flatMap(own -> switch (state) {
            case UNKNOWN -> Optional.of("node " + own + (readable
                    ? " is not known to the API server"
                    : " may not be read (expected: list and watch of nodes, in a ClusterRole)")
                    + ": nothing is known of its zone, nor of addresses that are not configured");
            case GONE -> Optional.of("node " + own
                    + " is gone from the API server; what was last known of it stays in use");
            case INCOMPLETE -> Optional.of(lacking(own));
            case COMPLETE -> Optional.empty();
        });
    }

    private String lacking(String own) {
        return "node " + own + lacks;
    }
}
