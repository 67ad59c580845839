/**
 * A small generator that speaks the same lines as the real one, with a virtual thread per connection: what the
 * orchestrator is tested with, so that a test of the one does not fail for the other.
 */
@NullMarked
package dev.fairlead.loadtest.bench.standin;

import org.jspecify.annotations.NullMarked;
