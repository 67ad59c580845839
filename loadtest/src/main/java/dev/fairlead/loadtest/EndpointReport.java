package dev.fairlead.loadtest;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an endpoint saw.
 *
 * @param accepted connections so far
 * @param open of these, now
 * @param completed those that went as agreed, by what they were about: a close order or the mode
 * @param unsaid connections that ended before the client had said what they were about
 * @param failures those that did not go as agreed: {@code client-reset: fin-instead-of-reset}
 * @param details of the first {@value #MOST_DETAILS} failures
 */
public record EndpointReport(String name, long accepted, long open, SortedMap<String, Long> completed, long unsaid,
        SortedMap<String, Long> failures, List<String> details) {
    /** A report stays readable, and small. */
    public static final int MOST_DETAILS = 100;

    public EndpointReport {
        completed = new TreeMap<>(completed);
        failures = new TreeMap<>(failures);
        details = List.copyOf(details);
    }

    /** One line of JSON. */
    public String toJson() {
        return new JsonLine().with("name", name).with("accepted", accepted).with("open", open)
                .with("completed", completed).with("unsaid", unsaid).with("failures", failures)
                .with("details", details).toString();
    }
}
