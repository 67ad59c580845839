/**
 * Who is measured: Fairlead, its peers and the kernel, each with the configuration and the command that start it.
 */
@NullMarked
package dev.fairlead.loadtest.bench.contender;

import org.jspecify.annotations.NullMarked;
