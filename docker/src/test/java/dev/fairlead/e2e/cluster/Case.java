package dev.fairlead.e2e.cluster;

import java.util.Optional;
import java.util.Set;

/**
 * A case of upstream's list.
 *
 * @param area its sig's words in front, such as {@code [sig-network] Services}
 * @param name upstream's
 * @param kind how it is run
 * @param script what is done and asserted; nothing where it is not run
 * @param note what a reader of the list should know: why it does not pass, is not run, or what differs from upstream
 */
record Case(String area, String name, Kind kind, Script script, Optional<String> note) {
    /** How a case is run. */
    enum Kind {
        /** Beside others. */
        PASSES,
        /** Alone: it takes the proxies or the API server away. */
        DISRUPTIVE,
        /** It is known not to pass, which is shown; the day it passes, the list must say so. */
        KNOWN_TO_FAIL,
        /** It is about something else than the proxy, or needs a real cluster. */
        NOT_RUN
    }

    /** What a case does. */
    @FunctionalInterface
    interface Script {
        void play(Scene scene) throws Exception;
    }

    static Case of(String area, String name, Script script) {
        return new Case(area, name, Kind.PASSES, script, Optional.empty());
    }

    static Case alone(String area, String name, Script script) {
        return new Case(area, name, Kind.DISRUPTIVE, script, Optional.empty());
    }

    static Case failing(String area, String name, String reason, Script script) {
        return new Case(area, name, Kind.KNOWN_TO_FAIL, script, Optional.of(reason));
    }

    static Case notRun(String area, String name, String reason) {
        return new Case(area, name, Kind.NOT_RUN, scene -> {
        }, Optional.of(reason));
    }

    /** With a word for the reader of the list. */
    Case noting(String words) {
        return new Case(area, name, kind, script, Optional.of(words));
    }

    /** In which modes it means anything. */
    Set<Mode> modes() {
        return name.contains("apiserver") ? Set.of(Mode.API) : Set.of(Mode.values());
    }

    @Override
    public String toString() {
        return area + " " + name;
    }
}
