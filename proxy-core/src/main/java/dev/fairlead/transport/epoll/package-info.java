/**
 * The fast data path: sockets as handles on Netty's epoll event loops, without channels, pipelines and buffers. Two
 * ends a connection, each registered once and edge-triggered; one read buffer a loop; splice for bulk flows.
 */
@NullMarked
package dev.fairlead.transport.epoll;

import org.jspecify.annotations.NullMarked;
