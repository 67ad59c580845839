@NullMarked
package dev.fairlead.transport.datagram;

import org.jspecify.annotations.NullMarked;
