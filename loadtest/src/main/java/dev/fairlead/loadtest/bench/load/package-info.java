/**
 * The generator seen from outside: its processes, the lines it is told and the JSON it answers with.
 */
@NullMarked
package dev.fairlead.loadtest.bench.load;

import org.jspecify.annotations.NullMarked;
