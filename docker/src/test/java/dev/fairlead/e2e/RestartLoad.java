package dev.fairlead.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Clients of a proxy whose processes follow each other. Short ones begin at a steady rate, each at its time whatever
 * became of the others; those that are late are made up for. Long ones talk for a while, a quarter of a second a line
 * on the average ({@code -Dfairlead.restart.echoes=40} lines), and compare every byte of every answer.
 */
final class RestartLoad {
    static final int LONG_ONES = 100;
    private static final int WANTED = 1_000;
    /**
     * New connections a second that are begun: somewhat more than are asked for, so that a late second still has as
     * many.
     */
    static final int RATE = 1_050;
    private static final int SHORT_ONES = 16;
    private static final int ECHOES = Integer.getInteger("fairlead.restart.echoes", 10);
    private static final int PAUSE_MILLIS = 500;
    private static final int MOST_SECONDS = 3_600;

    private final Place place;
    private final Function<Random, String> door;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicLong echoes = new AtomicLong();
    private final AtomicLong turn = new AtomicLong();
    private final AtomicIntegerArray bySecond = new AtomicIntegerArray(MOST_SECONDS);
    private final List<Thread> clients = new ArrayList<>();
    private final long begun = System.nanoTime();
    private volatile boolean over;

    private RestartLoad(Place place, Function<Random, String> door) {
        this.place = place;
        this.door = door;
    }

    /**
     * Begins.
     *
     * @param door names one of the doors, as the dice have it
     */
    static RestartLoad start(Place place, Function<Random, String> door) {
        RestartLoad load = new RestartLoad(place, door);
        for (int i = 0; i < SHORT_ONES; i++) {
            Random dice = new Random(i);
            load.client(() -> load.shortOnes(dice));
        }
        for (int i = 0; i < LONG_ONES; i++) {
            Random dice = new Random(1_000 + i);
            load.client(() -> load.longOnes(dice));
        }
        return load;
    }

    /** What a client does. */
    @FunctionalInterface
    private interface Doing {
        void run() throws InterruptedException;
    }

    /** On a thread that is in the place from its beginning on. */
    private void client(Doing doing) {
        Callable<Void> inside = () -> {
            doing.run();
            return null;
        };
        clients.add(Thread.ofPlatform().start(() -> {
            try {
                place.call(inside);
            } catch (IOException failed) {
                failures.add("a client ended: " + failed);
            }
        }));
    }

    private void shortOnes(Random dice) {
        while (!over) {
            long due = begun + turn.getAndIncrement() * (TimeUnit.SECONDS.toNanos(1) / RATE);
            for (long left = due - System.nanoTime(); left > 0 && !over; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            String there = door.apply(dice);
            try (Greeted client = Greeted.open(there)) {
                opened();
                client.finish();
            } catch (IOException e) {
                failures.add("short " + there + " " + e);
            }
        }
    }

    private void longOnes(Random dice) throws InterruptedException {
        while (!over) {
            String there = door.apply(dice);
            try (Greeted client = Greeted.open(there)) {
                opened();
                for (int i = 0; i < ECHOES && !over; i++) {
                    String line = Long.toHexString(dice.nextLong()).repeat(1 + dice.nextInt(200));
                    if (!client.echo(line).equals(line)) {
                        failures.add("long " + there + ": another answer than asked for");
                    }
                    echoes.incrementAndGet();
                    Thread.sleep(dice.nextInt(PAUSE_MILLIS));
                }
                client.finish();
                finished.incrementAndGet();
            } catch (IOException e) {
                failures.add("long " + there + " " + e);
            }
        }
    }

    private void opened() {
        opened.incrementAndGet();
        bySecond.incrementAndGet((int) Math.min(MOST_SECONDS - 1L, seconds()));
    }

    private long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    }

    /** Connections that were made so far. */
    int connections() {
        return opened.get();
    }

    /** Lines that came back as they were sent. */
    long echoes() {
        return echoes.get();
    }

    /** What went wrong: nothing, it is hoped. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Ends it and says what the clients saw. */
    String report() throws InterruptedException {
        int whole = (int) seconds();
        int all = opened.get();
        end();
        int[] rates = IntStream.range(1, whole).map(bySecond::get).sorted().toArray();
        return "%d s, %d new connections, %d a second (median %d, least in a second %d, %d seconds below %d), "
                .formatted(whole, all, all / Math.max(1, whole), rate(rates, rates.length / 2), rate(rates, 0),
                        IntStream.of(rates).filter(rate -> rate < WANTED).count(), WANTED)
                + "%d long connections finished, %d echoes compared, %d failures"
                        .formatted(finished.get(), echoes.get(), failures.size());
    }

    private static int rate(int[] rates, int at) {
        return rates.length == 0 ? 0 : rates[at];
    }

    /** Returns when every client has finished what it was at. Idempotent. */
    void end() throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join();
        }
    }
}
