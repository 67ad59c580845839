/**
 * Clients and endpoints that load a proxy from outside and notice every byte and every close that went wrong. They know
 * sockets only, never the proxy's code, so that they cannot share its mistakes. One virtual thread per connection: the
 * order of closes, which is the point here, reads as it happens.
 */
@NullMarked
package dev.fairlead.loadtest;

import org.jspecify.annotations.NullMarked;
