package dev.fairlead.config;

import java.util.Comparator;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * A character in one of the texts.
 *
 * @param text which of them, from 0
 * @param line from 1
 * @param column from 1
 */
record Spot(int text, String file, int line, int column) implements Comparable<Spot> {
    private static final Comparator<Spot> ORDER = Comparator.comparingInt(Spot::text).thenComparingInt(Spot::line)
            .thenComparingInt(Spot::column);

    /** Where a mark of the parser's points; the start of the text where there is none. */
    static Spot of(Origin origin, Optional<Mark> mark) {
        return new Spot(origin.text(), origin.file(), mark.map(m -> m.getLine() + 1).orElse(1),
                mark.map(m -> m.getColumn() + 1).orElse(1));
    }

    @Override
    public int compareTo(Spot other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}
