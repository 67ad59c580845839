/**
 * A small process inside a network namespace: times a start from exec to the first answer, and reads metrics that are
 * served on that namespace's loopback only.
 */
@NullMarked
package dev.fairlead.loadtest.bench.probe;

import org.jspecify.annotations.NullMarked;
