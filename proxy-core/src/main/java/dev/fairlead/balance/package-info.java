/**
 * Choosing: which endpoints of a service port are usable, and which of them takes this connection. No I/O, no clock
 * reads.
 */
@NullMarked
package dev.fairlead.balance;

import org.jspecify.annotations.NullMarked;
