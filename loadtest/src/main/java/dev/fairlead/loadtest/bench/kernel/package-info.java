/** What kube-proxy would have the kernel do, in its own words and by its own commands. */
@NullMarked
package dev.fairlead.loadtest.bench.kernel;

import org.jspecify.annotations.NullMarked;
