/** The tools tested on each other, and on a relay that spoils what it relays. */
@NullMarked
package dev.fairlead.loadtest;

import org.jspecify.annotations.NullMarked;
