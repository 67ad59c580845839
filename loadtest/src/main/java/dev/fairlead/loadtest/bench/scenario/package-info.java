/**
 * What is measured: the scenarios, and the order in which contenders take turns.
 */
@NullMarked
package dev.fairlead.loadtest.bench.scenario;

import org.jspecify.annotations.NullMarked;
