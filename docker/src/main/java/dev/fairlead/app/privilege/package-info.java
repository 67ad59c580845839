/** Which privileges a configuration has a use for, what each missing one costs, and how the others are given up. */
@NullMarked
package dev.fairlead.app.privilege;

import org.jspecify.annotations.NullMarked;
