/** How a command finds the process that runs, asks it, and tells what it said. */
@NullMarked
package dev.fairlead.app.ask;

import org.jspecify.annotations.NullMarked;
