package dev.fairlead.control;

import dev.fairlead.model.Drain;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.SnapshotSink;
import dev.fairlead.source.SourceFault;
import dev.fairlead.transport.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The single writer: one thread that follows the newest snapshot. What is offered while it works waits in a mailbox of
 * one place, where a later snapshot replaces an earlier one.
 */
public final class Reconciler implements SnapshotSink, AutoCloseable {
    private static final Duration TICK = Duration.ofSeconds(1);

    private final Progress progress;
    private final Convergence convergence;
    private final Ticker ticker;
    private final Duration tick;
    private final Thread thread;
    private final AtomicReference<Mail> mailbox = new AtomicReference<>(Mail.NONE);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CountDownLatch firstSync = new CountDownLatch(1);
    private final CountDownLatch doorsClosed = new CountDownLatch(1);

    /** Steps that failed are tried again every second. */
    public Reconciler(Applier applier, ControlObserver observer, Ticker ticker) {
        this(applier, observer, ticker, TICK);
    }

    Reconciler(Applier applier, ControlObserver observer, Ticker ticker, Duration tick) {
        this.progress = new Progress(ticker);
        this.convergence = new Convergence(applier, observer, progress, ticker);
        this.ticker = ticker;
        this.tick = tick;
        this.thread = Thread.ofPlatform().name("fairlead-control").daemon().unstarted(this::run);
    }

    /** Begins to follow what is and was offered; called once. */
    public void start() {
        thread.start();
    }

    @Override
    public void offer(ServiceSnapshot snapshot) {
        Offer offer = new Offer(snapshot, ticker.nanos(), progress.offered());
        // It ends an earlier fault, also one that nobody has read yet.
        post(mail -> new Mail(Optional.of(offer.insteadOf(mail.offer)), Optional.empty(), mail.order));
    }

    @Override
    public void fault(SourceFault fault) {
        post(mail -> new Mail(mail.offer, Optional.of(fault), mail.order));
    }

    /**
     * Runs a short task on the control thread, between turns: how others see that it turns. What it throws is reported
     * as a defect. Any thread.
     */
    public void execute(Runnable task) {
        tasks.add(task);
        LockSupport.unpark(thread);
    }

    /**
     * Takes a Service or an endpoint out of service: it gets no new connections, those that it has go on. Any thread.
     *
     * @return whether that changed anything, once it is in force; {@link Drains#MOST} at most are taken
     */
    public CompletableFuture<Boolean> drain(Drain what) {
        return drain(List.of(what), List.of());
    }

    /** Undoes {@link #drain}. Any thread. */
    public CompletableFuture<Boolean> undrain(Drain what) {
        return drain(List.of(), List.of(what));
    }

    /** Both, in one turn: some are undone, then others are taken. Any thread. */
    public CompletableFuture<Boolean> drain(List<Drain> more, List<Drain> fewer) {
        return changeDrains(before -> {
            Drains after = before;
            for (Drain one : fewer) {
                after = after.without(one);
            }
            for (Drain one : more) {
                after = after.size() < Drains.MOST ? after.with(one) : after;
            }
            return after;
        });
    }

    private CompletableFuture<Boolean> changeDrains(UnaryOperator<Drains> change) {
        CompletableFuture<Boolean> changed = new CompletableFuture<>();
        execute(() -> {
            Drains before = convergence.drains();
            Drains after = change.apply(before);
            if (!after.equals(before)) {
                convergence.drained(after);
            }
            changed.complete(!after.equals(before));
        });
        return changed;
    }

    /** How far behind the sources it is. Any thread. */
    public Progress progress() {
        return progress;
    }

    /** What is wanted and what is, as of the last turn. Any thread. */
    public ControlView view() {
        return convergence.view();
    }

    /**
     * Waits until a first snapshot is in force, but for doors that would not open.
     *
     * @return whether it is
     */
    public boolean awaitFirstSync(Duration atMost) throws InterruptedException {
        return firstSync.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Closes every door for good, on the control thread; returns when they are closed. Connections live on, later
     * snapshots are ignored. Idempotent.
     */
    public void closeDoors() throws InterruptedException {
        post(mail -> mail.ordered(Order.CLOSE_DOORS));
        if (thread.isAlive() && Thread.currentThread() != thread) {
            doorsClosed.await();
        }
    }

    /** Closes every door and ends the thread; returns when both are done. Idempotent. */
    @Override
    public void close() {
        post(mail -> mail.ordered(Order.END));
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(UnaryOperator<Mail> addition) {
        mailbox.updateAndGet(addition);
        LockSupport.unpark(thread);
    }

    private void run() {
        Order order = Order.FOLLOW;
        long tickDue = ticker.nanos();
        while (order != Order.END) {
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                convergence.aside(task);
            }
            Mail mail = mailbox.getAndSet(Mail.NONE);
            order = order.or(mail.order);
            read(mail);
            if (mail.offer.isPresent()) {
                tickDue = ticker.nanos() + tick.toNanos();
            }
            boolean needsTick = convergence.needsTick();
            if (needsTick && tickDue - ticker.nanos() <= 0) {
                convergence.tick();
                tickDue = ticker.nanos() + tick.toNanos();
            } else if (mail.equals(Mail.NONE)) {
                park(needsTick ? tickDue - ticker.nanos() : Long.MAX_VALUE);
            }
            if (convergence.view().firstSyncDone()) {
                firstSync.countDown();
            }
        }
    }

    private void park(long nanos) {
        LockSupport.parkNanos(mailbox, nanos);
        // Nobody has a reason to interrupt this thread; a flag left set would make it spin.
        Thread.interrupted();
    }

    private void read(Mail mail) {
        if (mail.order != Order.FOLLOW) {
            convergence.closeDoors();
            doorsClosed.countDown();
        }
        mail.offer.ifPresent(offer -> {
            progress.taken(offer.number);
            convergence.offered(offer.snapshot, offer.atNanos);
        });
        mail.fault.ifPresent(convergence::faulted);
    }

    /** What the thread was told, each including those before it. */
    private enum Order {
        FOLLOW, CLOSE_DOORS, END;

        Order or(Order other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }

    /** @param number of the newest offer that it stands for */
    private record Offer(ServiceSnapshot snapshot, long atNanos, long number) {
        /** Two threads may offer in one order and post in the other. */
        Offer insteadOf(Optional<Offer> unread) {
            return new Offer(snapshot, atNanos, Math.max(number, unread.map(Offer::number).orElse(number)));
        }
    }

    /** What has come since the last turn: the newest of each kind. */
    private record Mail(Optional<Offer> offer, Optional<SourceFault> fault, Order order) {
        static final Mail NONE = new Mail(Optional.empty(), Optional.empty(), Order.FOLLOW);

        Mail ordered(Order more) {
            return new Mail(offer, fault, order.or(more));
        }
    }
}
