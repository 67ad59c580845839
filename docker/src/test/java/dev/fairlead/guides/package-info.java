/** The commands of the guides, run as a reader would. */
@NullMarked
package dev.fairlead.guides;

import org.jspecify.annotations.NullMarked;
