/** The front door: what sources produce, the small records between any source and the model, and the one translator. */
@NullMarked
package dev.fairlead.source;

import org.jspecify.annotations.NullMarked;
