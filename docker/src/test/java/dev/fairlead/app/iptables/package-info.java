/** The rules as text, through real kernels and back, and what is said of damaged ones. */
@NullMarked
package dev.fairlead.app.iptables;

import org.jspecify.annotations.NullMarked;
