package dev.fairlead.listen;

import dev.fairlead.forward.FlowInHand;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.transport.BroughtFlow;

/**
 * A UDP flow as it is offered to a successor, one line of text beside the descriptor of its connected socket:
 * {@code 10.96.0.10:53 0 10.244.1.5:40001 10.244.0.11:53 replied assured 12}. Its frontend, to which of the frontend's
 * sockets the client's datagrams come, the client, the endpoint, whether that ever answered, whether the client spoke
 * after that, and the number of replies.
 */
final class OfferedFlow {
    private static final String REPLIED = "replied";
    private static final String UNREPLIED = "unreplied";
    private static final String ASSURED = "assured";
    private static final String UNSURE = "unsure";
    private static final int WORDS = 7;

    private OfferedFlow() {
    }

    static String line(FlowInHand flow) {
        BroughtFlow socket = flow.flow();
        return flow.frontend().address() + " " + socket.socket() + " " + socket.client() + " " + flow.endpoint() + " "
                + (flow.heard() ? REPLIED : UNREPLIED) + " " + (socket.assured() ? ASSURED : UNSURE) + " "
                + flow.replies();
    }

    /**
     * What {@link #line} wrote.
     *
     * @throws IllegalArgumentException where it says something else
     */
    static FlowInHand parse(String line, int descriptor) {
        String[] words = line.split(" ", -1);
        if (words.length != WORDS) {
            throw new IllegalArgumentException("a flow: \"" + line + "\" (expected: " + WORDS + " words)");
        }
        return new FlowInHand(TransportAddress.udp(IpPort.of(words[0])), IpPort.of(words[3]),
                new BroughtFlow(Integer.parseInt(words[1]), IpPort.of(words[2]), descriptor,
                        words[5].equals(ASSURED)),
                words[4].equals(REPLIED), Long.parseLong(words[6]));
    }
}
