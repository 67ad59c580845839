/** Tests of the calls into the kernel, and what other tests need of it. */
@NullMarked
package dev.fairlead.transport.linux;

import org.jspecify.annotations.NullMarked;
