package dev.fairlead.app.iptables;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Collects differences; what is the same for many frontends and sources is said once. */
final class Findings {
    /** Stands for the sources that a sentence is about. */
    static final String WHO = "{who}";

    private record Sentence(String about, String says, String fairlead) {
    }

    private record Seen(Set<String> frontends, Set<String> who) {
        Seen() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    private final Map<Sentence, Seen> found = new LinkedHashMap<>();
    private final Set<String> unclear = new TreeSet<>();

    /**
     * Something about a service port.
     *
     * @param frontend where it was seen
     * @param who the source for which it was seen; counts where {@code says} has {@link #WHO}
     */
    void add(String about, String frontend, String who, String says, String fairlead) {
        Seen seen = found.computeIfAbsent(new Sentence(about, says, fairlead), _ -> new Seen());
        seen.frontends().add(frontend);
        seen.who().add(who);
    }

    /** Something that is not about a frontend. */
    void add(String about, String says, String fairlead) {
        found.computeIfAbsent(new Sentence(about, says, fairlead), _ -> new Seen());
    }

    /** Whether something was found about a service port. */
    boolean knows(String about) {
        return found.keySet().stream().anyMatch(sentence -> sentence.about().equals(about));
    }

    /** What could not be followed. */
    void unclear(Set<String> what) {
        unclear.addAll(what);
    }

    /** Everything, in the order in which it was first seen. */
    List<Difference> all() {
        Stream<Difference> seen = found.entrySet().stream().map(entry -> {
            Sentence sentence = entry.getKey();
            return new Difference(sentence.about(), List.copyOf(entry.getValue().frontends()),
                    sentence.says().replace(WHO, String.join(", ", entry.getValue().who())), sentence.fairlead());
        });
        Stream<Difference> open = unclear.stream()
                .map(what -> new Difference("rules", List.of(), what, "Fairlead cannot tell what that does"));
        return Stream.concat(seen, open).toList();
    }
}
