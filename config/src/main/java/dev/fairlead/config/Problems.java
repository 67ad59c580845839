package dev.fairlead.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, in the order of discovery; gives it in the order of the texts. */
final class Problems {
    /** More than a reader can use; bounds the memory that hostile input can take. */
    static final int MOST = 1000;

    private record Entry(Spot spot, String path, String message) {
    }

    private final List<Entry> entries = new ArrayList<>();
    private int leftOut;

    void add(Spot spot, String path, String message) {
        if (entries.size() == MOST) {
            leftOut++;
            return;
        }
        entries.add(new Entry(spot, Words.oneLine(path), Words.oneLine(message)));
    }

    int count() {
        return entries.size() + leftOut;
    }

    List<ConfigProblem> sorted() {
        entries.sort(Comparator.comparing(Entry::spot));
        List<ConfigProblem> sorted = new ArrayList<>();
        for (Entry entry : entries) {
            Spot spot = entry.spot();
            sorted.add(new ConfigProblem(spot.file(), spot.line(), spot.column(), entry.path(), entry.message()));
        }
        if (leftOut > 0) {
            ConfigProblem last = sorted.getLast();
            sorted.add(new ConfigProblem(last.file(), last.line(), last.column(), "",
                    leftOut + " more problems are left out (at most " + MOST + " are listed)"));
        }
        return sorted;
    }
}
