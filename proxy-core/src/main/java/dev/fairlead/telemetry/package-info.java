/** What is counted and logged, for people and for Prometheus. */
@NullMarked
package dev.fairlead.telemetry;

import org.jspecify.annotations.NullMarked;
