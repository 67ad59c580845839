package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.model.ServiceName;
import dev.fairlead.source.NodeObject;
import dev.fairlead.source.ServiceObject;
import dev.fairlead.source.SliceObject;
import java.time.Instant;
import java.util.Optional;

/** What one connection to the API server has to tell. */
sealed interface Event {
    /** Something about the cluster. Objects may be told again, and in any order. */
    sealed interface News extends Event {
    }

    record ServiceIs(ServiceObject service) implements News {
    }

    record ServiceGone(ServiceName name) implements News {
    }

    /**
     * The slice is this now.
     *
     * @param trigger when what made it change happened, where the slice controller says so
     */
    record SliceIs(SliceObject slice, Optional<Instant> trigger) implements News {
    }

    record SliceGone(SliceKey key) implements News {
    }

    record NodeIs(NodeObject node) implements News {
    }

    record NodeGone() implements News {
    }

    /** Everything there is of a kind has been told on this connection. */
    record Listed(Watched what) implements News {
    }

    /** How a request went. */
    record Answered(Watched what, Verb verb, Answer answer) implements Event {
    }

    /** What the server said to a request that it refused with this status. */
    record Explained(Watched what, int status, String words) implements Event {
    }

    /** The server has answered something. */
    record Alive() implements Event {
    }

    /** The server has not answered, although nothing says that it is away. */
    record Silent() implements Event {
    }

    /** What the server made of a request. */
    sealed interface Answer {
        record Accepted() implements Answer {
        }

        /**
         * It will not.
         *
         * @param status as in HTTP
         * @param words the server's own; {@code ""} where none are known
         */
        record Refused(int status, String words) implements Answer {
        }

        /** It did not get there, or no answer came back. */
        record Lost(String why) implements Answer {
        }
    }

    /** Which slice; whose it is stands in its labels. */
    record SliceKey(String namespace, String name) {
    }
}
