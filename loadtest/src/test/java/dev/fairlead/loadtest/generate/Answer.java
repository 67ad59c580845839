package dev.fairlead.loadtest.generate;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of JSON, read by pattern. */
record Answer(String json) {
    /** The first number of this name, or 0 when there is none. */
    double number(String name) {
        Matcher found = Pattern.compile("\"" + Pattern.quote(name) + "\":([-0-9.E]+)").matcher(json);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    /** How many errors of this kind. */
    double errors(String kind) {
        return new Answer(json.substring(json.indexOf("\"errorKinds\""))).number(kind);
    }

    /** CPU seconds, user and system, of {@code "cpu"}, {@code "generator"} or {@code "endpoints"}. */
    double cpu(String whose) {
        Matcher found = Pattern
                .compile("\"" + Pattern.quote(whose) + "\":\\{\"user\":([-0-9.E]+),\"system\":([-0-9.E]+)\\}")
                .matcher(json);
        if (!found.find()) {
            throw new AssertionError("no " + whose + " in " + json);
        }
        return Double.parseDouble(found.group(1)) + Double.parseDouble(found.group(2));
    }

    /** The first address that somebody listens on. */
    String address() {
        Matcher found = Pattern.compile("\"listening\":\\[\"([^\"]+)\"").matcher(json);
        if (!found.find()) {
            throw new AssertionError("nobody listens: " + json);
        }
        return found.group(1);
    }
}
