package dev.fairlead.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of the access log.
 *
 * @param endpoint {@code -} when it was never relayed
 * @param fields {@code attempts}, {@code failed}, {@code end} and so on
 */
record AccessLine(Instant time, String service, String client, String frontend, String endpoint,
        Map<String, String> fields) {
    /** Every line that is whole; a file that is not there yet has none. */
    static List<AccessLine> read(Path log) throws IOException {
        if (!Files.exists(log)) {
            return List.of();
        }
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(AccessLine::parse).toList();
    }

    static AccessLine parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length < 8 || !words[3].equals("->") || !words[5].equals("->")) {
            throw new IllegalArgumentException("not a line of the access log: " + line);
        }
        return new AccessLine(Instant.parse(words[0]), words[1], words[2], words[4], words[6],
                Stream.of(words).skip(7).collect(Collectors.toMap(word -> word.substring(0, word.indexOf('=')),
                        word -> word.substring(word.indexOf('=') + 1))));
    }

    /** {@code UPSTREAM/RELAY/RESET}. */
    String end() {
        return field("end");
    }

    String field(String name) {
        String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no field " + name + " in " + this);
        }
        return value;
    }
}
