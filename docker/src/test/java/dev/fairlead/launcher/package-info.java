/** The launcher script, run as users run it, among made-up JDKs and a made-up Maven. */
@NullMarked
package dev.fairlead.launcher;

import org.jspecify.annotations.NullMarked;
