package dev.fairlead.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The table of docs/privileges.md. */
final class PrivilegeTable {
    private static final Path PAGE = Path.of("../docs/privileges.md");
    private static final String HEAD = "| capability | feature | without it |";

    /**
     * A row.
     *
     * @param capabilities all of them together
     * @param without what is so otherwise, in the log's words
     */
    record Row(Set<String> capabilities, String feature, String without) {
    }

    private PrivilegeTable() {
    }

    static List<Row> rows() {
        try (Stream<String> lines = Files.lines(PAGE)) {
            return lines.dropWhile(line -> !line.equals(HEAD)).skip(2).takeWhile(line -> line.startsWith("|"))
                    .map(line -> line.split("\\|", -1))
                    .map(cells -> new Row(new TreeSet<>(List.of(cells[1].strip().split(", ", -1))), cells[2].strip(),
                            cells[3].strip()))
                    .toList();
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
