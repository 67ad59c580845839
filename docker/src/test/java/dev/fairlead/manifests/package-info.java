/** What is applied to a cluster, read as its API server would read it. */
@NullMarked
package dev.fairlead.manifests;

import org.jspecify.annotations.NullMarked;
