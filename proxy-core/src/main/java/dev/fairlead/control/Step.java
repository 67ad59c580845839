package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.List;

/** One thing to do, in the order make before break: publish, hold, open, filter, close, let go, retire. */
public sealed interface Step {
    /** What is done, in a few words, without the reason. */
    String what();

    /**
     * Replaces the table whole.
     *
     * @param specs of all routes
     */
    record PublishTable(List<RouteSpec> specs) implements Step {
        public PublishTable {
            specs = List.copyOf(specs);
        }

        @Override
        public String what() {
            return "publish table";
        }
    }

    /**
     * Keeps the address of a door that is shut, so that who dials it meets this machine, which refuses, and not
     * whatever the network does with an address that nobody has. It ends when the door opens, or by a
     * {@link LetGoAddress}.
     *
     * @param why in words for a reader
     */
    record HoldAddress(TransportAddress address, String why) implements Step {
        @Override
        public String what() {
            return "hold " + address;
        }
    }

    /**
     * Opens a door. Its address was held or not.
     *
     * @param filter whom it takes
     * @param why in words for a reader
     */
    record OpenListener(TransportAddress address, SourceFilter filter, String why) implements Step {
        @Override
        public String what() {
            return "open " + address;
        }
    }

    /** Makes an open door take others than before. */
    record FilterListener(TransportAddress address, SourceFilter filter) implements Step {
        @Override
        public String what() {
            return "filter " + address;
        }
    }

    /**
     * Closes a door.
     *
     * @param why in words for a reader
     */
    record CloseListener(TransportAddress address, String why) implements Step {
        @Override
        public String what() {
            return "close " + address;
        }
    }

    /**
     * Gives up an address that was held.
     *
     * @param why in words for a reader
     */
    record LetGoAddress(TransportAddress address, String why) implements Step {
        @Override
        public String what() {
            return "let go " + address;
        }
    }

    /**
     * Lets an endpoint go that nobody is sent to any more: as soon as its last TCP connection is over, while its UDP
     * flows are cut.
     */
    record RetireUpstream(ServicePortName service, IpPort endpoint) implements Step {
        @Override
        public String what() {
            return "retire " + new TransportAddress(service.protocol(), endpoint) + " of " + service;
        }
    }
}
