package dev.fairlead.admin;

import dev.fairlead.telemetry.MetricsText;
import dev.fairlead.telemetry.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;

/** Prometheus' page. */
final class MetricsPage implements Page {
    private final Metrics metrics;
    // Ten thousand services make some ten megabytes: growing to them step by step would copy them several times.
    private int expected = 64 * 1024;

    MetricsPage(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public Answer answer(Question question) throws IOException {
        MetricsText form = MetricsText.preferred(question.accept());
        ByteBuf body = UnpooledByteBufAllocator.DEFAULT.directBuffer(expected);
        try (ByteBufOutputStream out = new ByteBufOutputStream(body)) {
            metrics.scrape(out, form);
        } catch (IOException | RuntimeException e) {
            body.release();
            throw e;
        }
        expected = body.readableBytes() + body.readableBytes() / 8 + 1024;
        return new Answer(HttpResponseStatus.OK, form.contentType(), body);
    }
}
