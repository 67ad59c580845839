/** The assembly: the commands, and the one place where configured choices become objects. May import everything. */
@NullMarked
package dev.fairlead.app;

import org.jspecify.annotations.NullMarked;
