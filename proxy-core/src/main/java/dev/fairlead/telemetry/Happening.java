package dev.fairlead.telemetry;

import java.util.Optional;

/**
 * Something that happened, for people to read.
 *
 * @param id counts up from 1
 * @param epochMillis wall clock
 * @param service whose it is; absent where it is nobody's or of several
 * @param text plain words; a plan's has several lines
 */
public record Happening(long id, long epochMillis, Kind kind, Optional<String> service, String text) {
    /** What kind of thing. */
    public enum Kind {
        ENDPOINT_ADDED("endpoint-added"), ENDPOINT_REMOVED("endpoint-removed"), EJECTED("ejected"), READMITTED(
                "readmitted"), PLAN("plan"), STEP_FAILED("step-failed"), SOURCE_FAULT("source-fault"), SOURCE_RECOVERED(
                        "source-recovered"), DRAINED("drained"), UNDRAINED("undrained"), DEFECT("defect");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** In lower case with hyphens. */
        @Override
        public String toString() {
            return word;
        }
    }

}
