/** What the tests of all modules did, said once more at the end of the build. Runs beside the tests, not as one. */
@NullMarked
package dev.fairlead.summary;

import org.jspecify.annotations.NullMarked;
