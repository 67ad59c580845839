/**
 * Kubernetes' semantics a second time: a slow model written from the rules alone, and what compares the product with
 * it.
 */
@NullMarked
package dev.fairlead.semantics;

import org.jspecify.annotations.NullMarked;
