/** Deciding and doing, on one thread: snapshot in, plan, table out. */
@NullMarked
package dev.fairlead.control;

import org.jspecify.annotations.NullMarked;
