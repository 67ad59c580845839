package dev.fairlead.telemetry;

import java.util.Locale;

/** The two texts in which Prometheus reads metrics. */
public enum MetricsText {
    /** The Prometheus text format. */
    PROMETHEUS("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics 1.0. */
    OPENMETRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    MetricsText(String contentType) {
        this.contentType = contentType;
    }

    /** For the Content-Type header. */
    public String contentType() {
        return contentType;
    }

    /**
     * The one that is preferred (RFC 9110, section 12.5.1); where both are as good, or neither is wanted, the older
     * one.
     *
     * @param accept of the request, empty where it has none
     */
    public static MetricsText preferred(String accept) {
        return quality(accept, "application", "openmetrics-text") > quality(accept, "text", "plain")
                ? OPENMETRICS
                : PROMETHEUS;
    }

    /** The weight of the most precise range that covers a type; of several as precise ones the greatest. */
    private static double quality(String accept, String type, String subtype) {
        double quality = 0;
        int precision = -1;
        for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = range.split(";", -1);
            int precise = precision(parts[0].strip(), type, subtype);
            if (precise >= 0 && precise >= precision) {
                double weight = weight(parts);
                quality = precise > precision ? weight : Math.max(quality, weight);
                precision = precise;
            }
        }
        return quality;
    }

    private static int precision(String range, String type, String subtype) {
        if (range.equals(type + "/" + subtype)) {
            return 2;
        }
        if (range.equals(type + "/*")) {
            return 1;
        }
        return range.equals("*/*") ? 0 : -1;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.matches("q=[01](\\.\\d{0,3})?")) {
                return Double.parseDouble(parameter.substring(2));
            }
        }
        return 1;
    }
}
