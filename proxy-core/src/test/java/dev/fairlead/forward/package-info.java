@NullMarked
package dev.fairlead.forward;

import org.jspecify.annotations.NullMarked;
