/** Breaks walls, so that a test can see them hold. */
@NullMarked
package dev.fairlead.walls.counterexample.util;

import org.jspecify.annotations.NullMarked;
