/**
 * What the bench needs of the operating system: network namespaces, processes, and what {@code /proc} says of them.
 */
@NullMarked
package dev.fairlead.loadtest.bench.machine;

import org.jspecify.annotations.NullMarked;
