/** Privileges as pure functions know them; with real ones {@code e2e.PrivilegesTest} tries them. */
@NullMarked
package dev.fairlead.app.privilege;

import org.jspecify.annotations.NullMarked;
