/**
 * Talks to the kernel about its network in netlink's messages: routes, interface addresses and their changes, sets of
 * nftables. Each thing asked for is done or refused when the call returns.
 */
@NullMarked
package dev.fairlead.transport.linux.netlink;

import org.jspecify.annotations.NullMarked;
