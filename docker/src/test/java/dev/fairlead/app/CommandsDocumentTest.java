package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/commands.md is what the commands say of themselves. */
class CommandsDocumentTest {
    private static final String BEGINNING = """
            # Commands

            What `fairlead COMMAND --help` prints, command by command; a test compares. Every option may sit in the environment, too:
            `--data-path` as `FAIRLEAD_DATA_PATH`.

            """;

    @Test
    void theDocumentIsWhatTheCommandsSay() throws IOException {
        StringBuilder text = new StringBuilder(BEGINNING);
        new Cli().tree().getSubcommands().keySet().forEach(command -> text.append("## fairlead ").append(command)
                .append("\n\n```\n").append(new Cli().execute(command, "--help").out()).append("```\n\n"));
        Path document = Repository.root().resolve("docs/commands.md");
        if (System.getProperty("fairlead.goldens", "").equals("write")) {
            Files.writeString(document, text.toString().strip() + "\n");
        }

        assertThat(Files.readString(document)).isEqualTo(text.toString().strip() + "\n");
    }
}
