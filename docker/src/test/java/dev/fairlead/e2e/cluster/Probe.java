package dev.fairlead.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.fairlead.model.IpText;
import dev.fairlead.model.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is met at an address. Since a change takes a moment, every assertion waits until so many tries in a row are as
 * they should be, from every host by itself.
 *
 * @param from the hosts to ask from
 */
record Probe(Scene scene, Protocol protocol, String address, List<Host> from) {
    /** Upstream's number of tries where it asserts that something answers. */
    private static final int TRIES = 5;
    /** Upstream's AffinityConfirmCount. */
    private static final int CONFIRMED = 15;
    /** Where one of two answers, half as many for each would miss one in every thirtieth round. */
    private static final int TRIES_FOR_EACH = 6;
    private static final Duration PACE = Duration.ofMillis(20);
    /** How long silence is listened to where nothing is to answer: many tries of upstream's 3 seconds would add up. */
    private static final int QUIET_MILLIS = 500;

    Probe from(Host... hosts) {
        return new Probe(scene, protocol, address, List.of(hosts));
    }

    /** Every one of these answers, and nobody else. */
    void answers(Endpoint... expected) {
        Set<String> names = Stream.of(expected).map(Endpoint::name).collect(Collectors.toCollection(TreeSet::new));
        int tries = Math.max(2 * TRIES, names.size() * TRIES_FOR_EACH);
        for (Host host : from) {
            until(new Client(host), "answered by " + names, tries, names::containsAll, names::equals);
        }
    }

    /** Refused at once, and not met with silence. */
    void refuses() {
        everyTry("refused", TRIES, Client.USUAL_PATIENCE_MILLIS, Client.REFUSED::equals);
    }

    /** There is no answer, whichever way it fails. */
    void fails() {
        fails(TRIES);
    }

    void fails(int tries) {
        everyTry("not answered", tries, QUIET_MILLIS, met -> !Client.answered(met));
    }

    private void everyTry(String what, int tries, int patienceMillis, Predicate<String> as) {
        for (Host host : from) {
            until(new Client(host, patienceMillis), what, tries, met -> met.stream().allMatch(as), met -> true);
        }
    }

    /** One of these answers a host all the time. */
    void sticks(Endpoint... among) {
        Set<String> names = Stream.of(among).map(Endpoint::name).collect(Collectors.toSet());
        for (Host host : from) {
            until(new Client(host), "answered by the same one of " + names, CONFIRMED,
                    met -> met.size() == 1 && names.containsAll(met), met -> true);
        }
    }

    /** What one question meets; an address in normal form. */
    String ask(String question) throws IOException {
        String said = new Client(from.getFirst()).ask(protocol, address, question);
        return IpText.parse(said).map(IpText::format).orElse(said);
    }

    /** Waits until one of these answers, and says which. */
    String first(Endpoint... among) {
        Set<String> names = Stream.of(among).map(Endpoint::name).collect(Collectors.toSet());
        return until(new Client(from.getFirst()), "answered by one of " + names, 1, names::containsAll, met -> true)
                .iterator().next();
    }

    /**
     * Waits for it.
     *
     * @param always holds of what was met after every try
     * @param atLast holds after the last one, too
     */
    private Set<String> until(Client client, String what, int tries, Predicate<Set<String>> always,
            Predicate<Set<String>> atLast) {
        Set<String> met = new TreeSet<>();
        await(address + "/" + protocol + " from " + client.host() + " is " + what).atMost(scene.patience())
                .pollDelay(Duration.ZERO).pollInterval(PACE).until(() -> {
                    met.clear();
                    for (int i = 0; i < tries; i++) {
                        met.add(client.ask(protocol, address, "hostname"));
                        if (!always.test(met)) {
                            return false;
                        }
                    }
                    return atLast.test(met);
                });
        return met;
    }
}
