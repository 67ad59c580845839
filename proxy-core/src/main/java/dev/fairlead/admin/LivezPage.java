package dev.fairlead.admin;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;

/** Whether to restart the process: only where a thread no longer turns. */
final class LivezPage implements Page {
    private final Liveness liveness;

    LivezPage(Liveness liveness) {
        this.liveness = liveness;
    }

    @Override
    public Answer answer(Question question) {
        List<String> stalled = liveness.stalled();
        return stalled.isEmpty()
                ? Answer.text(HttpResponseStatus.OK, "ok\n")
                : Answer.text(HttpResponseStatus.SERVICE_UNAVAILABLE, String.join("\n", stalled) + "\n");
    }
}
