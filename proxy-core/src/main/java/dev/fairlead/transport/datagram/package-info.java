/**
 * Datagrams through sockets of our own, for data paths whose loops can watch a descriptor: many datagrams a call, a
 * connected socket for each flow, one epoll instance beneath each loop.
 */
@NullMarked
package dev.fairlead.transport.datagram;

import org.jspecify.annotations.NullMarked;
