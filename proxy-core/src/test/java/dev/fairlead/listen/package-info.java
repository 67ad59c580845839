/** Tests of doors and their addresses, with real sockets and the kernel's own network. */
@NullMarked
package dev.fairlead.listen;

import org.jspecify.annotations.NullMarked;
