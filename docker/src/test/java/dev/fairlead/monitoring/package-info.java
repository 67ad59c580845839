/** What is given to Prometheus and Grafana. */
@NullMarked
package dev.fairlead.monitoring;

import org.jspecify.annotations.NullMarked;
