/** Text to typed settings and objects, or every reason why not, each with its line and column. Pure. */
@NullMarked
package dev.fairlead.config;

import org.jspecify.annotations.NullMarked;
