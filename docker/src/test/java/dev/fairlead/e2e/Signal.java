package dev.fairlead.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a test sends to processes that it started itself. */
enum Signal {
    HUP, TERM, QUIT, KILL, STOP, CONT;

    /** Sends it to all of these at once. */
    void to(long... pids) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name()));
        for (long pid : pids) {
            assertThat(pid).as("a process of our own").isGreaterThan(1);
            command.add(Long.toString(pid));
        }
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
