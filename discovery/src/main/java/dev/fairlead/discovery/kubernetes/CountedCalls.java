package dev.fairlead.discovery.kubernetes;

import dev.fairlead.source.ApiCalls;
import dev.fairlead.transport.Ticker;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts what a client asks and how long it takes. An attempt that never connects counts where the client says so,
 * which it does of the first of two. Any thread.
 */
final class CountedCalls implements Interceptor {
    // Calls at a time are few; some end without a word, and must not be remembered for ever.
    private static final int MOST_UNDER_WAY = 64;

    /** The client hands out another object for one request before and after it is sent. */
    private record Call(String method, URI uri) {
        static Call of(HttpRequest request) {
            return new Call(request.method(), request.uri());
        }
    }

    private final ApiCalls calls;
    private final Ticker ticker;
    private final Map<Call, Long> underWay = new LinkedHashMap<>() { // guarded by itself
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Call, Long> eldest) {
            return size() > MOST_UNDER_WAY;
        }
    };

    CountedCalls(ApiCalls calls, Ticker ticker) {
        this.calls = calls;
        this.ticker = ticker;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        synchronized (underWay) {
            underWay.put(Call.of(request), ticker.nanos());
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response,
            AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        over(request, Integer.toString(response.code()));
    }

    @Override
    public void afterConnectionFailure(HttpRequest request, Throwable failure) {
        over(request, ApiCalls.NO_ANSWER);
    }

    private void over(HttpRequest request, String code) {
        long now = ticker.nanos();
        long began;
        synchronized (underWay) {
            Long known = underWay.remove(Call.of(request));
            began = known == null ? now : known;
        }
        calls.answered(request.method(), request.uri().getAuthority(), code, now - began);
    }
}
