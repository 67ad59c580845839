package dev.fairlead.control;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePortName;
import java.util.List;

/**
 * A service port that the snapshot asks for and no door is opened for, since its protocol is not served.
 *
 * @param frontends sorted, without duplicates
 * @param why in words for a reader
 */
public record UnservedPort(ServicePortName service, List<IpPort> frontends, String why) {
    public UnservedPort {
        frontends = List.copyOf(frontends);
    }
}
