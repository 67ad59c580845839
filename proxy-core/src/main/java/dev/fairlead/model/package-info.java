/** What is true: records only, without behaviour beyond checks and printing. Imports nothing of ours. */
@NullMarked
package dev.fairlead.model;

import org.jspecify.annotations.NullMarked;
