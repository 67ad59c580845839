/** What is wrong with this machine, as far as a proxy cares, and what to do about it. */
@NullMarked
package dev.fairlead.app.doctor;

import org.jspecify.annotations.NullMarked;
