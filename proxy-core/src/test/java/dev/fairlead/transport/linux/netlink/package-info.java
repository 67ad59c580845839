/** Tests against the kernel's own network, in namespaces of their own. */
@NullMarked
package dev.fairlead.transport.linux.netlink;

import org.jspecify.annotations.NullMarked;
