/** Several sources as one. */
@NullMarked
package dev.fairlead.discovery.merge;

import org.jspecify.annotations.NullMarked;
