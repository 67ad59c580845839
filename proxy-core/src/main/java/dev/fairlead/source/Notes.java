package dev.fairlead.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a reader should know about the input: sorted and each once, whatever order it was found in. One thread. */
final class Notes {
    private static final int NAMED = 3;

    private final SortedSet<String> single = new TreeSet<>();
    private final Map<String, SortedSet<String>> gathered = new TreeMap<>();

    void add(String note) {
        single.add(note);
    }

    /** One note for all whom the same thing happens to. */
    void gather(String what, String whom) {
        gathered.computeIfAbsent(what, _ -> new TreeSet<>()).add(whom);
    }

    void addAll(Notes others) {
        single.addAll(others.single);
        others.gathered.forEach((what, whom) -> whom.forEach(one -> gather(what, one)));
    }

    boolean isEmpty() {
        return single.isEmpty() && gathered.isEmpty();
    }

    List<String> all() {
        List<String> all = new ArrayList<>();
        gathered.forEach((what, whom) -> all.add(what + ": " + few(whom)));
        all.addAll(single);
        return all;
    }

    private static String few(SortedSet<String> whom) {
        String named = String.join(", ", whom.stream().limit(NAMED).toList());
        return whom.size() <= NAMED ? named : named + " and " + (whom.size() - NAMED) + " more";
    }
}
