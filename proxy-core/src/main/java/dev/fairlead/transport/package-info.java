/**
 * The plug for data paths: what a session asks of the kernel, the clock and the dice, as small interfaces. Nothing
 * here, and nothing that uses it, names a Netty type; implementations live in sub-packages.
 */
@NullMarked
package dev.fairlead.transport;

import org.jspecify.annotations.NullMarked;
