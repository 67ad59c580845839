/** The admin address: nouns to GET. */
@NullMarked
package dev.fairlead.admin;

import org.jspecify.annotations.NullMarked;
