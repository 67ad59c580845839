package dev.fairlead.transport.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemCommandTest {
    @Test
    void itReadsWhatItIsToldAndSaysSomething() throws Exception {
        assertThat(SystemCommand.required("cat").run("a\nb\n")).isEqualTo("a\nb\n");
        assertThat(SystemCommand.required("sh").name()).isEqualTo("sh");
    }

    @Test
    void aRefusalIsToldInTheCommandsOwnWords() throws Exception {
        SystemCommand shell = SystemCommand.required("sh");

        assertThatThrownBy(() -> shell.run("", "-c", "echo no such table >&2; echo more; exit 3"))
                .isInstanceOf(IOException.class).hasMessageStartingWith("sh -c ")
                .hasMessageEndingWith(" refuses: no such table");
        assertThatThrownBy(() -> shell.run("", "-c", "exit 1")).hasMessageEndingWith(" refuses: it says nothing");
    }

    @Test
    void oneThatDoesNotEndIsEnded() throws Exception {
        SystemCommand sleep = SystemCommand.required("sleep");

        assertThatThrownBy(() -> sleep.run(Duration.ofMillis(100), "", "3600")).isInstanceOf(IOException.class)
                .hasMessageContaining("sleep 3600 does not end");
    }

    @Test
    void oneThatIsNotThereIsNamed() {
        assertThat(SystemCommand.find("no-such-command-of-fairlead")).isEmpty();
        assertThatThrownBy(() -> SystemCommand.required("no-such-command-of-fairlead"))
                .hasMessage("the command no-such-command-of-fairlead is not installed");
    }
}
