package dev.fairlead.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CapabilityTest {
    @Test
    void aMaskIsReadBitByBit() {
        assertThat(Capability.ofMask(1 << 10 | 1 << 12)).containsExactly(Capability.NET_BIND_SERVICE,
                Capability.NET_ADMIN);
        assertThat(Capability.ofMask(0x1ffffffffffL)).containsExactly(Capability.values());
        assertThat(Capability.ofMask(0)).isEmpty();
    }

    @Test
    void theProcessHasWhatTheKernelSays() throws Exception {
        Process other = new ProcessBuilder("sh", "-c", "grep CapEff /proc/self/status").start();
        String mask = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).replace("CapEff:", "")
                .strip();

        // A child without privileges of its own has its parent's.
        assertThat(Files.exists(Path.of("/proc/self/status"))).isTrue();
        assertThat(Capability.effective()).isEqualTo(Capability.ofMask(Long.parseUnsignedLong(mask, 16)));
    }
}
