package dev.fairlead.loadtest;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a storm saw.
 *
 * @param seed of the storm, to repeat it
 * @param opened connections tried
 * @param succeeded those where everything went as agreed
 * @param endpoints how many connections each endpoint answered, by its own name, failed ones too
 * @param failures how many connections failed, by kind
 * @param failed the first {@value #MOST_DETAILS} of them
 * @param millis how long the storm took
 */
public record StormReport(long seed, long opened, long succeeded, SortedMap<String, Long> endpoints,
        SortedMap<Failure, Long> failures, List<FailedConnection> failed, long millis) {
    /** A report stays readable, and small. */
    public static final int MOST_DETAILS = 200;

    public StormReport {
        endpoints = new TreeMap<>(endpoints);
        failures = new TreeMap<>(failures);
        failed = List.copyOf(failed);
    }

    /**
     * One connection that failed.
     *
     * @param client its own address, as in the proxy's access log; {@code ""} when it never learnt it
     * @param what the close order or the path
     * @param endpoint the name it had answered with, {@code ""} when it had not
     * @param detail for a reader
     */
    public record FailedConnection(String client, String what, String endpoint, Failure failure, String detail) {
    }

    public long failedCount() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many connections the endpoint of this name answered. */
    public long answeredBy(String endpoint) {
        return endpoints.getOrDefault(endpoint, 0L);
    }

    /** One line of JSON. */
    public String toJson() {
        return new JsonLine().with("seed", seed).with("opened", opened).with("succeeded", succeeded)
                .with("endpoints", endpoints)
                .with("failures", failures.entrySet().stream().collect(Collectors
                        .toMap(entry -> entry.getKey().word(), Map.Entry::getValue, Long::sum, TreeMap::new)))
                .with("failed", failed.stream().map(StormReport::fields).toList()).with("millis", millis).toString();
    }

    private static Map<String, String> fields(FailedConnection one) {
        return new TreeMap<>(Map.of("client", one.client(), "what", one.what(), "endpoint", one.endpoint(), "failure",
                one.failure().word(), "detail", one.detail()));
    }
}
