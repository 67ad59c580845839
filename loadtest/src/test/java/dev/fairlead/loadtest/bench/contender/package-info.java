/** Contenders' configurations, judged by the programs that read them. */
@NullMarked
package dev.fairlead.loadtest.bench.contender;

import org.jspecify.annotations.NullMarked;
