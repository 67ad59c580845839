/** What Fairlead would do with its input, and why: the same selection and routes as the running proxy's, told. */
@NullMarked
package dev.fairlead.app.explain;

import org.jspecify.annotations.NullMarked;
