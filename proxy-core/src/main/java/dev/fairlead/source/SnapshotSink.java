package dev.fairlead.source;

import dev.fairlead.model.ServiceSnapshot;

/** Where a source delivers. Callable from any thread; never blocks. */
public interface SnapshotSink {
    /** The full state, each time; a repeated equal snapshot costs nothing. It also ends an earlier fault. */
    void offer(ServiceSnapshot snapshot);

    /** The last snapshot stays in force. */
    void fault(SourceFault fault);
}
