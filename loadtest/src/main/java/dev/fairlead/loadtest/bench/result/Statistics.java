package dev.fairlead.loadtest.bench.result;

import java.util.List;

/** Of the values of several rounds. */
public final class Statistics {
    private Statistics() {
    }

    /** The middle one, or the mean of the two in the middle. */
    public static double median(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no rounds, no median");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The smallest value that so large a part of them does not exceed. */
    public static double quantile(List<Double> values, double part) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values, no quantile");
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(Math.clamp((long) Math.ceil(part * sorted.size()) - 1, 0, sorted.size() - 1));
    }

    /** From the least to the most, as a part of the median. */
    public static double spread(List<Double> values) {
        double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        double median = median(values);
        return median == 0 ? 0 : (most - least) / Math.abs(median);
    }
}
