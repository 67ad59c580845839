package dev.fairlead.e2e;

import java.io.IOException;
import java.util.concurrent.Callable;

/** A network namespace as a test sees it: what is opened in it, a socket or a process, stays in it. */
public interface Place {
    /** The test's own namespace. */
    Place HERE = new Place() {
        @Override
        public <T> T call(Callable<T> body) throws IOException {
            try {
                return body.call();
            } catch (IOException | RuntimeException failed) {
                throw failed;
            } catch (Exception other) {
                throw new IOException(other);
            }
        }
    };

    /** Runs this inside. It must start no thread: that would live in the namespace, too. */
    <T> T call(Callable<T> body) throws IOException;
}
