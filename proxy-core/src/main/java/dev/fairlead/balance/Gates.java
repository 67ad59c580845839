package dev.fairlead.balance;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;

/** Where gates come from. Called on the control thread. */
public interface Gates {
    /** No endpoint is ever ejected. */
    Gates NONE = service -> new Group() {
        @Override
        public Gate gate(IpPort endpoint) {
            return Gate.OPEN;
        }

        @Override
        public void members(int endpoints) {
        }
    };

    /** The gates of one service port, which together never eject more than half of its endpoints. */
    Group group(ServicePortName service);

    /** One service port's gates. */
    interface Group {
        /** A new gate for an endpoint that has just come. */
        Gate gate(IpPort endpoint);

        /** How many endpoints the service port has now. */
        void members(int endpoints);
    }
}
