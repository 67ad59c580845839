/** Scenarios with real peers and a generator that stands in for the real one. */
@NullMarked
package dev.fairlead.loadtest.bench.scenario;

import org.jspecify.annotations.NullMarked;
