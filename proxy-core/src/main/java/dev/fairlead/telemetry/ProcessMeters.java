package dev.fairlead.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process of Go's Prometheus client tells of itself, under its names: dashboards of kube-proxy ask for them.
 * {@code process_start_time_seconds} has micrometer's own binder.
 */
final class ProcessMeters implements MeterBinder {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";

    @Override
    public void bindTo(MeterRegistry registry) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu.seconds", system, it -> it.getProcessCpuTime() / 1e9)
                    .description("Processor time that the process took, in user and kernel mode").register(registry);
            Gauge.builder("process.open.fds", system, UnixOperatingSystemMXBean::getOpenFileDescriptorCount)
                    .description("Files and sockets that are open").register(registry);
            Gauge.builder("process.max.fds", system, UnixOperatingSystemMXBean::getMaxFileDescriptorCount)
                    .description("Files and sockets that may be open").register(registry);
        }
        if (Files.isReadable(STATUS)) {
            Gauge.builder("process.resident.memory.bytes", ProcessMeters::residentBytes)
                    .description("Memory of the process that is in use").register(registry);
        }
    }

    /** NaN where the kernel does not say. */
    private static double residentBytes() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024.0).findFirst()
                    .orElse(Double.NaN);
        } catch (IOException gone) {
            return Double.NaN;
        }
    }
}
