package dev.fairlead.transport;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Side;

/**
 * How a relay ended by itself.
 *
 * @param side who ended it: for FIN, whose FIN came first
 * @param cause FIN, RESET, TIMEOUT (keepalive or retransmission gave up), UNREACHABLE or BUG
 */
public record RelayEnd(Side side, Cause cause) {
}
