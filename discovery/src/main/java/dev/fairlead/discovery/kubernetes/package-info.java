/** Services from the Kubernetes API: the only place that knows fabric8's classes. */
@NullMarked
package dev.fairlead.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
