package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
    @TempDir
    Path folder;

    @Test
    void bashCompletesCommandsWithTheScript() throws Exception {
        assertThat(completions("fairlead ex", 1)).contains("explain");
    }

    @Test
    void bashCompletesOptionsOfACommandWithTheScript() throws Exception {
        assertThat(completions("fairlead run --lo", 2)).contains("--log-level", "--log-format");
    }

    private String completions(String words, int at) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("completion"), new Cli().execute("completion").out());
        Process bash = new ProcessBuilder("bash", "-c",
                ". '" + script + "'; COMP_WORDS=(" + words + "); COMP_CWORD=" + at
                        + "; _complete_fairlead; echo ${COMPREPLY[@]}")
                .redirectErrorStream(true).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said;
    }
}
