package dev.fairlead.forward;

import dev.fairlead.balance.Gate;
import dev.fairlead.model.Termination.Cause;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told. */
class RecordingGate implements Gate {
    final List<String> words = new CopyOnWriteArrayList<>();
    volatile boolean shut;

    @Override
    public boolean shut() {
        return shut;
    }

    @Override
    public boolean tryAcquire() {
        words.add("acquire");
        return !shut;
    }

    @Override
    public void connected(long nanos) {
        words.add("connected");
    }

    @Override
    public void failed(long nanos, Cause cause) {
        words.add("failed " + cause);
    }

    @Override
    public void release() {
        words.add("release");
    }

    @Override
    public State state() {
        return State.ADMITS;
    }
}
