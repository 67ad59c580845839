package dev.fairlead.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.source.SnapshotReader.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the README shows as input is accepted. */
class ReadmeTest {
    @Test
    void every_yaml_block_of_the_readme_is_accepted() throws IOException {
        List<String> blocks = Pattern.compile("(?s)```yaml\n(.*?)```")
                .matcher(Files.readString(Path.of("../README.md")))
                .results().map(match -> match.group(1)).toList();
        assertThat(blocks).hasSizeGreaterThan(1).allSatisfy(block -> {
            ConfigReading reading = new ConfigReader(new OwnBalancers()).read(List.of(new Text("README.md", block)));
            assertThat(reading.problems()).isEmpty();
            assertThat(reading.objects().services()).isNotEmpty();
        });
    }
}
