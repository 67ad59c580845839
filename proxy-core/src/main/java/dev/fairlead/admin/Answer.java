package dev.fairlead.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a page says.
 *
 * @param headers beside those that every answer has
 * @param body owned by whoever holds the answer
 * @param following present where the answer goes on after its body
 */
record Answer(HttpResponseStatus status, String contentType, Map<String, String> headers, ByteBuf body,
        Optional<Following> following) {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";

    Answer(HttpResponseStatus status, String contentType, ByteBuf body) {
        this(status, contentType, Map.of(), body, Optional.empty());
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
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, more, body, following);
    }

    /** Who writes on to a client, after the beginning of the answer, until the client leaves. */
    interface Following {
        /** The beginning is written. On the admin thread. */
        void begins(Channel client);
    }

    /** An answer without an end. */
    static Answer stream(String contentType, Following following) {
        return new Answer(HttpResponseStatus.OK, contentType, Map.of(), Unpooled.EMPTY_BUFFER, Optional.of(following));
    }

    private static ByteBuf bytes(String text) {
        return ByteBufUtil.writeUtf8(UnpooledByteBufAllocator.DEFAULT, text);
    }
}
