@NullMarked
package dev.fairlead.transport.uring;

import org.jspecify.annotations.NullMarked;
