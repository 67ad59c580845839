package dev.fairlead.forward;

import java.util.concurrent.Callable;

/** True once a growing number has stood still, above zero, for eight looks in a row. */
final class Stalled implements Callable<Boolean> {
    private final Callable<Long> number;
    private long last;
    private int still;

    Stalled(Callable<Long> number) {
        this.number = number;
    }

    @Override
    public Boolean call() throws Exception {
        long now = number.call();
        still = now == last && now > 0 ? still + 1 : 0;
        last = now;
        return still >= 8;
    }
}
