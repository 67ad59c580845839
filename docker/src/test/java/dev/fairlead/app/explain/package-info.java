/** How the state of the world is told. */
@NullMarked
package dev.fairlead.app.explain;

import org.jspecify.annotations.NullMarked;
