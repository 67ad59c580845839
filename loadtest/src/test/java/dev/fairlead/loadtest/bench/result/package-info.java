/** Numbers, tables, goals and the README's section. */
@NullMarked
package dev.fairlead.loadtest.bench.result;

import org.jspecify.annotations.NullMarked;
