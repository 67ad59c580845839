package dev.fairlead.source;

import java.util.List;

/** Why a source cannot say what the world is just now. A fault never erases the last snapshot. */
public sealed interface SourceFault {
    /** One line for a reader: what failed and what to do. */
    String summary();

    /** How many things are wrong. */
    default int size() {
        return 1;
    }

    /** The place the world is learned from does not answer. */
    record Unreachable(String place, String why) implements SourceFault {
        @Override
        public String summary() {
            return place + ": " + why;
        }
    }

    /** It answers, but may not say. */
    record Forbidden(String verb, String resource) implements SourceFault {
        @Override
        public String summary() {
            return "may not " + verb + " " + resource;
        }
    }

    /**
     * What it says cannot be understood.
     *
     * @param problems one line each, with file, line and column; never empty
     */
    record Malformed(List<String> problems) implements SourceFault {
        public Malformed {
            problems = List.copyOf(problems);
        }

        @Override
        public int size() {
            return problems.size();
        }

        @Override
        public String summary() {
            return problems.size() == 1
                    ? problems.getFirst()
                    : problems.getFirst() + " (and " + (problems.size() - 1) + " more)";
        }
    }
}
