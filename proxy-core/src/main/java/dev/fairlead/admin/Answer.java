package dev.fairlead.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/**
 * What a page says.
 *
 * @param headers beside those that every answer has
 * @param body owned by whoever holds the answer
 */
record Answer(HttpResponseStatus status, String contentType, Map<String, String> headers, ByteBuf body) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";

    Answer(HttpResponseStatus status, String contentType, ByteBuf body) {
        this(status, contentType, Map.of(), body);
    }

    static Answer text(HttpResponseStatus status, String text) {
        return new Answer(status, TEXT, bytes(text));
    }

    static Answer json(String text) {
        return json(HttpResponseStatus.OK, text);
    }

    static Answer json(HttpResponseStatus status, String text) {
        return new Answer(status, JSON, bytes(text));
    }

    Answer with(String name, String value) {
        return new Answer(status, contentType, Map.of(name, value), body);
    }

    private static ByteBuf bytes(String text) {
        return ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, text);
    }
}
