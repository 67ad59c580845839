/**
 * What came out: the numbers of every round, their medians, the table, the chart, the README's section and the goals.
 */
@NullMarked
package dev.fairlead.loadtest.bench.result;

import org.jspecify.annotations.NullMarked;
