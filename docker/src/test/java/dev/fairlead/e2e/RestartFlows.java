package dev.fairlead.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * UDP clients of a proxy whose processes follow each other: each keeps its port, asks again and again, and is to be
 * answered each time, and always by the one who answered first.
 */
final class RestartFlows {
    private static final int THREADS = 4;
    private static final int PAUSE_MILLIS = 5;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong answers = new AtomicLong();
    private final Set<String> met = new TreeSet<>();
    private final List<DatagramClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    private RestartFlows() {
    }

    /** So many, at one address; returns when each has been answered for the first time. */
    static RestartFlows start(Place place, String address, int count) throws IOException {
        RestartFlows flows = new RestartFlows();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DatagramClient client = place.call(() -> DatagramClient.to(address));
            flows.clients.add(client);
            names.add(client.ask());
        }
        flows.met.addAll(names);
        for (int i = 0; i < THREADS; i++) {
            int first = i;
            flows.threads.add(Thread.ofPlatform().start(() -> flows.ask(names, first)));
        }
        return flows;
    }

    private void ask(List<String> names, int first) {
        try {
            while (!over) {
                for (int i = first; i < names.size() && !over; i += THREADS) {
                    String name = clients.get(i).ask();
                    if (name.equals(names.get(i))) {
                        answers.incrementAndGet();
                    } else {
                        failures.add("flow " + i + ": " + name + " in place of " + names.get(i));
                    }
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (IOException | InterruptedException failed) {
            failures.add(failed.toString());
        }
    }

    /** Who answered. */
    Set<String> met() {
        return met;
    }

    /** Answers so far. */
    long answers() {
        return answers.get();
    }

    /** What went wrong: an answer that did not come within a second, or came from somebody else. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends it and says what the clients saw. */
    String report() throws InterruptedException {
        end();
        return "%d UDP flows, %d answers, %d lost or by another endpoint".formatted(clients.size(), answers.get(),
                failures.size());
    }

    /** Idempotent. */
    void end() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        clients.forEach(DatagramClient::close);
    }
}
