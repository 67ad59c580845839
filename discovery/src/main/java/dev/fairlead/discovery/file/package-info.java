/** Services from files: read once, then followed as they change. */
@NullMarked
package dev.fairlead.discovery.file;

import org.jspecify.annotations.NullMarked;
