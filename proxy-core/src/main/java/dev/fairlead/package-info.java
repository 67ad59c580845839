/** The proxy as one thing: start, drain, close. */
@NullMarked
package dev.fairlead;

import org.jspecify.annotations.NullMarked;
