package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import dev.fairlead.model.SourceFilter;
import dev.fairlead.model.TransportAddress;
import dev.fairlead.table.RouteSpec;
import java.util.List;

/** One thing to do, in the order make before break: publish, open, filter, close, retire. */
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
     * Opens a door.
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
