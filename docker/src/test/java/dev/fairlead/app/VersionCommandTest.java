package dev.fairlead.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class VersionCommandTest {
    @Test
    void saysTheVersionOfTheBuildAndWhatItRunsOn() throws IOException {
        assertThat(new Cli().execute("version").out())
                .startsWith("fairlead " + versionOfThePom() + " (Java " + Runtime.version() + ", ").hasLineCount(1);
    }

    @Test
    void saysTheSameAsJson() throws IOException {
        assertThat(new Cli().execute("version", "--json").out()).matches(
                "\\{\"version\":\"" + Pattern.quote(versionOfThePom())
                        + "\",\"java\":\"25[^\"]*\",\"system\":\"[^\"]+\"}\n");
    }

    private static String versionOfThePom() throws IOException {
        Matcher version = Pattern.compile("<version>([^<]+)</version>")
                .matcher(Files.readString(Repository.root().resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        return version.group(1);
    }
}
