/** One life per connection: admitted, connected to an endpoint, relayed, ended. Confined to its event loop. */
@NullMarked
package dev.fairlead.forward;

import org.jspecify.annotations.NullMarked;
