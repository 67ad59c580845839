@NullMarked
package dev.fairlead.config;

import org.jspecify.annotations.NullMarked;
