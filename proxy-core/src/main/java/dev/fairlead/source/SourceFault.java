package dev.fairlead.source;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Why a source cannot say what the world is just now. A fault never erases the last snapshot. */
public sealed interface SourceFault {
    /** One line for a reader: what failed and what to do. */
    String summary();

    /** All that a reader should know, one line each. */
    default List<String> lines() {
        return List.of(summary());
    }

    /** How many things are wrong. */
    default int size() {
        return 1;
    }

    /**
     * Since when the source has been blind, in milliseconds since 1970 UTC; absent where it knows no better than
     * whoever hears of the fault.
     */
    default OptionalLong sinceEpochMillis() {
        return OptionalLong.empty();
    }

    /**
     * The place the world is learned from does not answer.
     *
     * @param place a file, or the API server's URL
     * @param why what was tried, what came of it, and what to do
     */
    record Unreachable(String place, String why, OptionalLong sinceEpochMillis) implements SourceFault {
        /** Since it is told. */
        public Unreachable(String place, String why) {
            this(place, why, OptionalLong.empty());
        }

        @Override
        public String summary() {
            return place + ": " + why;
        }
    }

    /**
     * It answers, but may not say.
     *
     * @param place the API server's URL
     * @param missing every permission that was refused; never empty
     * @param answer the server's own words, which name the account; {@code ""} where it said none
     */
    record Forbidden(String place, List<Permission> missing, String answer,
            OptionalLong sinceEpochMillis) implements SourceFault {
        public Forbidden {
            missing = List.copyOf(missing);
        }

        @Override
        public String summary() {
            return place + ": may not "
                    + missing.stream().map(Permission::toString).collect(Collectors.joining(", may not "))
                    + "; grant it with RBAC" + (answer.isEmpty() ? "" : " (" + answer + ")");
        }

        /** The summary, then the missing rule as YAML. */
        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>(List.of(summary()));
            lines.addAll(Permission.roles(missing));
            return lines;
        }

        @Override
        public int size() {
            return missing.size();
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
        public List<String> lines() {
            return problems;
        }

        @Override
        public String summary() {
            return problems.size() == 1
                    ? problems.getFirst()
                    : problems.getFirst() + " (and " + (problems.size() - 1) + " more)";
        }
    }

    /**
     * More than one source fails at once.
     *
     * @param faults one of each source, none of them of this kind; at least two
     */
    record Several(List<SourceFault> faults) implements SourceFault {
        public Several {
            faults = List.copyOf(faults);
        }

        @Override
        public int size() {
            return faults.stream().mapToInt(SourceFault::size).sum();
        }

        @Override
        public String summary() {
            return faults.stream().map(SourceFault::summary).collect(Collectors.joining("; "));
        }

        @Override
        public List<String> lines() {
            return faults.stream().flatMap(fault -> fault.lines().stream()).toList();
        }

        @Override
        public OptionalLong sinceEpochMillis() {
            return faults.stream().flatMapToLong(fault -> fault.sinceEpochMillis().stream()).min();
        }
    }
}
