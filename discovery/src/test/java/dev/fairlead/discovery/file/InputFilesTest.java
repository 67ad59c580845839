package dev.fairlead.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.discovery.file.InputFiles.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
    @TempDir
    private Path directory;

    private Path file(String name) throws IOException {
        return Files.writeString(directory.resolve(name), name);
    }

    @Test
    void aFileIsItselfWhateverItsName() throws IOException {
        Path file = file(".services");

        assertThat(new InputFiles(List.of(file)).list()).isEqualTo(new InputFiles.Listing(List.of(file), List.of()));
    }

    @Test
    void filesKeepTheOrderOfThePathsAndDirectoriesThatOfTheirNames() throws IOException {
        Path late = file("z.txt");
        Path sub = Files.createDirectory(directory.resolve("sub"));
        Path second = Files.writeString(sub.resolve("b.json"), "");
        Path first = Files.writeString(sub.resolve("a.yml"), "");

        assertThat(new InputFiles(List.of(late, sub)).list().files()).containsExactly(late, first, second);
    }

    @Test
    void aFileThatIsNamedTwiceIsReadOnce() throws IOException {
        Path file = file("a.yaml");
        Path again = directory.resolve("..").resolve(directory.getFileName()).resolve("a.yaml");

        assertThat(new InputFiles(List.of(file, again, directory)).list().files()).containsExactly(file);
    }

    @Test
    void aLinkInADirectoryThatLeadsNowhereIsAProblem() throws IOException {
        file("a.yaml");
        Path link = Files.createSymbolicLink(directory.resolve("b.yaml"), Path.of("gone"));

        assertThat(new InputFiles(List.of(directory)).list().problems())
                .containsExactly(new Problem(link, "no such file or directory"));
    }

    @Test
    void everyProblemIsNamed() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path gone = directory.resolve("gone.yaml");

        assertThat(new InputFiles(List.of(gone, empty)).list().problems()).extracting(Problem::toString)
                .containsExactly(gone + ": no such file or directory",
                        empty + ": holds no *.yaml, *.yml or *.json file (expected: at least one)");
    }

    @Test
    void failuresToReadHaveWords() {
        Path file = Path.of("a.yaml");

        assertThat(Problem.of(file, new AccessDeniedException("a.yaml")))
                .hasToString("a.yaml: may not be read (expected: read permission)");
        assertThat(Problem.of(file, new FileSystemException("a.yaml", null, "Input/output error")).why())
                .isEqualTo("cannot be read: a.yaml: Input/output error");
    }
}
