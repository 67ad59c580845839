package dev.fairlead.source;

import dev.fairlead.model.ServiceSnapshot;
import java.util.List;

/** Texts to a snapshot, or everything that is wrong with them. Implemented where text is parsed; pure. */
public interface SnapshotReader {
    /** Reads all texts as one stream of objects. */
    Reading read(List<Text> texts);

    /**
     * One file's content.
     *
     * @param name as messages name it
     */
    record Text(String name, String content) {
    }

    /** What came of it. */
    sealed interface Reading {
        /** Understood. */
        record Read(ServiceSnapshot snapshot) implements Reading {
        }

        /**
         * Not understood.
         *
         * @param problems every one of them, one line each: {@code file:line:column: path: what (what was expected)}
         */
        record Rejected(List<String> problems) implements Reading {
            public Rejected {
                problems = List.copyOf(problems);
            }
        }
    }
}
