/** Opinions about endpoints, learned from attempts to connect. */
@NullMarked
package dev.fairlead.health;

import org.jspecify.annotations.NullMarked;
