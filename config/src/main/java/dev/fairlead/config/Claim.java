package dev.fairlead.config;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.Protocol;
import dev.fairlead.source.ServiceObject;

/**
 * A door that a Service wants for itself.
 *
 * @param declared where the Service has its name
 * @param place what in the text claims the door
 */
record Claim(ServiceObject service, Spot declared, Door door, Place place) {
    /** What can be claimed. */
    sealed interface Door {
        /** One address and port. */
        record Address(Protocol protocol, IpPort address) implements Door {
            @Override
            public String toString() {
                return protocol + " " + address;
            }
        }

        /** One port of every address of the node. */
        record NodePort(Protocol protocol, int port) implements Door {
            @Override
            public String toString() {
                return protocol + " node port " + port;
            }
        }
    }
}
