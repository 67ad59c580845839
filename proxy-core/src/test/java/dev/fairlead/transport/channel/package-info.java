@NullMarked
package dev.fairlead.transport.channel;

import org.jspecify.annotations.NullMarked;
