/** Breaks no wall, where one might think it does. */
@NullMarked
package dev.fairlead.walls.counterexample.loadtest.generate;

import org.jspecify.annotations.NullMarked;
