/** Doors: which are open, whose their addresses are, and the pause when descriptors run out. */
@NullMarked
package dev.fairlead.listen;

import org.jspecify.annotations.NullMarked;
