package dev.fairlead.transport.linux.netlink;

import java.net.InetAddress;

/**
 * An address of an interface.
 *
 * @param device the interface's name
 * @param address without a scope
 */
public record InterfaceAddress(String device, InetAddress address) {
}
