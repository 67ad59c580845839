package dev.fairlead.guides;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A fenced block of a guide below a mark, {@code <!-- GuidesTest: runs -->}.
 *
 * @param use what is done with it
 * @param text without the indentation of its fence
 */
record Block(Use use, String text) {
    private static final Pattern MARK = Pattern.compile("( *)<!-- GuidesTest: (\\w+) -->");
    private static final String FENCE = "```";

    /**
     * A file that is named in its first line, commands that end with 0, commands whose last one goes on, or commands
     * behind {@code $} with what they print below each.
     */
    enum Use {
        SAVED, RUNS, STAYS, SHOWS
    }

    /** A command and what it prints. */
    record Shown(String command, String output) {
    }

    /** Those of a guide, in its order; a mark without a block is refused. */
    static List<Block> of(String guide) {
        List<String> lines = guide.lines().toList();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher mark = MARK.matcher(lines.get(i));
            if (mark.matches()) {
                int indentation = mark.group(1).length();
                if (!lines.get(i + 1).startsWith(mark.group(1) + FENCE)) {
                    throw new IllegalArgumentException("no block below line " + (i + 1) + ": " + lines.get(i));
                }
                blocks.add(new Block(Use.valueOf(mark.group(2).toUpperCase(Locale.ROOT)),
                        lines.stream().skip(i + 2L).takeWhile(line -> !line.strip().equals(FENCE))
                                .map(line -> line.substring(Math.min(indentation, line.length())) + "\n")
                                .collect(Collectors.joining())));
            }
        }
        return blocks;
    }

    /** Of a block that shows. */
    List<Shown> shown() {
        return Arrays.stream(text.split("(?m)^\\$ ", -1)).skip(1).map(one -> {
            int end = one.indexOf('\n');
            return new Shown(one.substring(0, end), one.substring(end + 1).strip());
        }).toList();
    }

    /** The name in the first line, behind {@code # } or what begins a comment elsewhere. */
    String fileName() {
        return text.substring(text.indexOf(' ') + 1, text.indexOf('\n'));
    }
}
