/** The generator's two roles against each other, and against endpoints that lie, refuse or say nothing. */
@NullMarked
package dev.fairlead.loadtest.generate;

import org.jspecify.annotations.NullMarked;
