/**
 * The load generator: {@link dev.fairlead.loadtest.generate.Generator}, one process that plays the clients and one that
 * plays the endpoints, each told what to do by lines of text. It shares the machine with the proxy it loads, so it
 * stands on Netty's event loops with epoll handles of its own instead of channels: a handle is registered once, a loop
 * has one buffer, and a unit of work allocates little or nothing. What a loop owns is touched by its thread only.
 */
@NullMarked
package dev.fairlead.loadtest.generate;

import org.jspecify.annotations.NullMarked;
