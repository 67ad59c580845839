package dev.fairlead.model;

import java.util.Map;
import java.util.TreeMap;

/**
 * The name of a balancer and what it is told: an open list, since a jar on the class path may add one.
 *
 * @param name as its provider names itself: {@code random}, {@code round-robin}, {@code least-conn}, ...
 * @param parameters by name, empty where the defaults do
 */
public record BalancerChoice(String name, Map<String, String> parameters) {
    public BalancerChoice {
        parameters = Map.copyOf(parameters);
    }

    public static BalancerChoice named(String name) {
        return new BalancerChoice(name, Map.of());
    }

    /** {@code name} or {@code name(key=value,...)}, the form that configuration reads. */
    @Override
    public String toString() {
        if (parameters.isEmpty()) {
            return name;
        }
        StringBuilder text = new StringBuilder(name);
        char separator = '(';
        for (Map.Entry<String, String> parameter : new TreeMap<>(parameters).entrySet()) {
            text.append(separator).append(parameter.getKey()).append('=').append(parameter.getValue());
            separator = ',';
        }
        return text.append(')').toString();
    }
}
