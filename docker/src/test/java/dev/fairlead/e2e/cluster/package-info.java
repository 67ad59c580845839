/**
 * A small cluster on one machine: two nodes, pods and an outside client, each in a network namespace of its own, with
 * routes between them and no NAT. Fairlead runs on each node, in a process of its own; upstream's end-to-end cases of
 * Services are played against it.
 */
@NullMarked
package dev.fairlead.e2e.cluster;

import org.jspecify.annotations.NullMarked;
