/** A cluster that is not there: an API server with as many Services as one likes, in a process of its own. */
@NullMarked
package dev.fairlead.loadtest.bench.cluster;

import org.jspecify.annotations.NullMarked;
