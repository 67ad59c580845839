package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The CPU of the proxy's processes, of this one and of the endpoints over one window.
 *
 * @param proxies process ids
 * @param endpoints process ids, one or none
 */
record CpuMeter(List<Long> proxies, List<Long> endpoints) {
    /** One moment. */
    record Moment(List<CpuReading> proxies, CpuReading own, List<CpuReading> endpoints) {
    }

    Moment now() {
        return new Moment(proxies.stream().map(CpuReading::of).toList(),
                CpuReading.of(ProcessHandle.current().pid()), endpoints.stream().map(CpuReading::of).toList());
    }

    /** Says before the load whether all can be read, rather than at its end. */
    void check() throws CommandFailed {
        try {
            now();
        } catch (UncheckedIOException problem) {
            throw new CommandFailed(String.valueOf(problem.getMessage()), problem);
        }
    }

    static JsonLine between(Moment begin, Moment end, JsonLine report) {
        return report.with("cpu", spent(begin.proxies, end.proxies).toJson())
                .with("generator", begin.own.until(end.own).toJson())
                .with("endpoints", spent(begin.endpoints, end.endpoints).toJson());
    }

    private static CpuTime spent(List<CpuReading> begin, List<CpuReading> end) {
        CpuTime sum = CpuTime.NONE;
        for (int i = 0; i < begin.size(); i++) {
            sum = sum.plus(begin.get(i).until(end.get(i)));
        }
        return sum;
    }
}
