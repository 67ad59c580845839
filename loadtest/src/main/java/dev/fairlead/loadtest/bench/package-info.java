/**
 * The bench's front door: reads the command line, sets the stage, runs the scenarios asked for, writes what came out.
 */
@NullMarked
package dev.fairlead.loadtest.bench;

import org.jspecify.annotations.NullMarked;
