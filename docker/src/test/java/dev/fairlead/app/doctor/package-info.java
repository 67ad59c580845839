/** Findings as pure functions make them; {@code DoctorCommandTest} looks at this machine. */
@NullMarked
package dev.fairlead.app.doctor;

import org.jspecify.annotations.NullMarked;
