/** The source tree that the tests run in, for those that judge or use its files. */
@NullMarked
package dev.fairlead.repository;

import org.jspecify.annotations.NullMarked;
