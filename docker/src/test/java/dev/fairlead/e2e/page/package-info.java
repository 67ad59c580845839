/** The status page in a real browser, in front of a real Fairlead. */
@NullMarked
package dev.fairlead.e2e.page;

import org.jspecify.annotations.NullMarked;
