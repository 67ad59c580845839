/** From kube-proxy's rules to Fairlead's doors on a node that serves meanwhile (docs/decisions/0020). */
@NullMarked
package dev.fairlead.app.takeover;

import org.jspecify.annotations.NullMarked;
