/** What event loops read: one immutable table, replaced whole. */
@NullMarked
package dev.fairlead.table;

import org.jspecify.annotations.NullMarked;
