/**
 * The data path over io_uring: requests to the kernel are queued in a ring and submitted many at a time, by handles of
 * Netty's event loops, without Netty's channels. Where containers forbid io_uring it says so, and another path serves.
 */
@NullMarked
package dev.fairlead.transport.uring;

import org.jspecify.annotations.NullMarked;
