/** kube-proxy's iptables rules, both ways: written for a snapshot, and read from a node to be compared with one. */
@NullMarked
package dev.fairlead.app.iptables;

import org.jspecify.annotations.NullMarked;
