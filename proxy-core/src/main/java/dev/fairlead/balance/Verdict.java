package dev.fairlead.balance;

import dev.fairlead.model.Endpoint;
import java.util.List;

/** What becomes of a connection. */
public sealed interface Verdict {
    /** For a reader. */
    String why();

    /** Kubernetes' word in capitals. */
    default String word() {
        return switch (this) {
            case Forward _ -> "FORWARD";
            case Reject _ -> "REJECT";
            case Drop _ -> "DROP";
            case NotCaptured _ -> "NOT_CAPTURED";
        };
    }

    /**
     * It goes to one of these.
     *
     * @param endpoints sorted, never empty
     */
    record Forward(EndpointSet set, List<Endpoint> endpoints, String why) implements Verdict {
        public Forward {
            endpoints = List.copyOf(endpoints);
        }
    }

    /** It is refused at once: a TCP client sees "connection refused", a UDP client an ICMP error. */
    record Reject(String why) implements Verdict {
    }

    /** It gets no answer: whoever sent it here is to try elsewhere. */
    record Drop(String why) implements Verdict {
    }

    /** It is none of the proxy's business. */
    record NotCaptured(String why) implements Verdict {
    }
}
