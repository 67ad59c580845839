/**
 * The commands, run in this process on a terminal of the test's own, and in processes of their own where signals count.
 */
@NullMarked
package dev.fairlead.app;

import org.jspecify.annotations.NullMarked;
