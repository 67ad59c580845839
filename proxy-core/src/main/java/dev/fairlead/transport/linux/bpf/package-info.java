/**
 * A program in the kernel that says which listening socket a client's packet belongs to, and the maps it looks into.
 */
@NullMarked
package dev.fairlead.transport.linux.bpf;

import org.jspecify.annotations.NullMarked;
