package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Event.Answer;
import dev.fairlead.discovery.kubernetes.Event.Answered;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells how lists and watches went. An informer tries a watch again and again and tells nobody why it must; only here
 * is it seen. Any thread.
 */
final class ServerAnswers implements Interceptor {
    // A watch over a web socket has begun.
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Consumer<Event> ear;

    ServerAnswers(Consumer<Event> ear) {
        this.ear = ear;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response,
            AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        int status = response.code();
        boolean accepted = response.isSuccessful() || status == SWITCHING_PROTOCOLS;
        tell(request.uri(), accepted ? new Answer.Accepted() : new Answer.Refused(status, ""));
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        tell(request.uri(), new Answer.Lost(FailureWords.of(failure)));
    }

    private void tell(URI request, Answer answer) {
        Watched.of(request).ifPresent(what -> ear.accept(new Answered(what, Verb.of(request), answer)));
    }
}
