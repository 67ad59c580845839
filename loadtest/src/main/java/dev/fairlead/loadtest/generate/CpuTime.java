package dev.fairlead.loadtest.generate;

import java.util.LinkedHashMap;
import java.util.Map;

/** CPU seconds. */
record CpuTime(double user, double system) {
    static final CpuTime NONE = new CpuTime(0, 0);

    CpuTime plus(CpuTime other) {
        return new CpuTime(user + other.user, system + other.system);
    }

    /** {@code {"user":1.5,"system":2.25}}. */
    Map<String, Number> toJson() {
        Map<String, Number> figures = new LinkedHashMap<>();
        figures.put("user", user);
        figures.put("system", system);
        return figures;
    }
}
