/** The walls between modules, judged over all of them, and the rules for files. Each with its reason. */
@NullMarked
package dev.fairlead.walls;

import org.jspecify.annotations.NullMarked;
