/** What {@code mvn package} has made, as its user finds it: these run after it. */
@NullMarked
package dev.fairlead.packaged;

import org.jspecify.annotations.NullMarked;
