package dev.fairlead.transport;

import dev.fairlead.model.IpPort;

/**
 * A flow that another process began: its client is met again here, as if it had just sent something.
 *
 * @param socket to which of the door's sockets the kernel brings the client's datagrams
 * @param descriptor of the socket that is connected to the endpoint, which whoever takes this takes over
 * @param assured see {@link DatagramFlow#assured}
 */
public record BroughtFlow(int socket, IpPort client, int descriptor, boolean assured) {
}
