/**
 * Fairlead proven from outside: it runs in a process of its own, between real clients and real endpoints, and is known
 * only by what anybody can see: sockets, files, the admin port, exit codes and {@code /proc}.
 */
@NullMarked
package dev.fairlead.e2e;

import org.jspecify.annotations.NullMarked;
