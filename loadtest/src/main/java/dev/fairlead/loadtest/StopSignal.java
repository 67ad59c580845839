package dev.fairlead.loadtest;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes SIGTERM an orderly end: the work is told, its report is awaited, the exit code is 0. */
final class StopSignal {
    private StopSignal() {
    }

    /**
     * @param tell asks the work to stop
     * @param reported opens when the report has been printed
     * @param patience how long to wait for that
     */
    static void install(Runnable tell, CountDownLatch reported, Duration patience) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (reported.getCount() == 0) {
                return;
            }
            tell.run();
            int code = 1;
            try {
                code = reported.await(patience.toMillis(), TimeUnit.MILLISECONDS) ? 0 : 1;
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            // A hook's JVM would exit with 143; who sent the signal wants to know whether the end was orderly.
            Runtime.getRuntime().halt(code);
        }, "stop-signal"));
    }
}
