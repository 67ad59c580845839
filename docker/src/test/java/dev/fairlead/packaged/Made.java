package dev.fairlead.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.repository.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where things are, and how they are called. */
final class Made {
    static final Path TARGET = Repository.root().resolve("docker/target");

    private Made() {
    }

    /** A value of the pom at the root. */
    static String ofPom(String element) throws IOException {
        Matcher value = Pattern.compile("<" + element + ">([^<]+)</" + element + ">")
                .matcher(Files.readString(Repository.root().resolve("pom.xml")));
        assertThat(value.find()).as(element).isTrue();
        return value.group(1);
    }

    /** How a command ended, and what it said on both streams. */
    record Said(int status, String text) {
    }

    /** Runs a command to its end. */
    static Said run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
        return new Said(process.exitValue(), text);
    }
}
