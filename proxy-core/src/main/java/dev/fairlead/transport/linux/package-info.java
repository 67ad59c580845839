/**
 * Linux' system calls as plain methods: a number in, a result or a negated errno out, no exception and no object on the
 * way; and what the data paths of handles share on top of them. The only room that knows the Foreign Function and
 * Memory API.
 */
@NullMarked
package dev.fairlead.transport.linux;

import org.jspecify.annotations.NullMarked;
