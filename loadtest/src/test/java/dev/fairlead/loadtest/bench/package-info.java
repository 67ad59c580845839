/** The bench's command line. */
@NullMarked
package dev.fairlead.loadtest.bench;

import org.jspecify.annotations.NullMarked;
