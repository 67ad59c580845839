/**
 * The portable data path: Netty channels over epoll, or over the JDK's selector where there is no epoll. Plain rather
 * than fast; it passes the same contract suite as every other data path.
 */
@NullMarked
package dev.fairlead.transport.channel;

import org.jspecify.annotations.NullMarked;
