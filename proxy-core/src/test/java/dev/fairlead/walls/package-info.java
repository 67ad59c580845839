/** The walls of the house: who may import whom, and what may be called where. Each with its reason. */
@NullMarked
package dev.fairlead.walls;

import org.jspecify.annotations.NullMarked;
