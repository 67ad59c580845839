package dev.fairlead.admin;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A part of the status page: a file of the jar. */
final class PageFile implements Page {
    // Nothing from elsewhere, nothing inline, in nobody's frame.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

    private final String name;
    private Optional<byte[]> content = Optional.empty();

    PageFile(String name) {
        this.name = name;
    }

    @Override
    public Answer answer(Question question) throws IOException {
        if (content.isEmpty()) {
            try (InputStream in = PageFile.class.getResourceAsStream("page/" + name)) {
                if (in == null) {
                    throw new IOException("the jar has no " + name);
                }
                content = Optional.of(in.readAllBytes());
            }
        }
        return new Answer(HttpResponseStatus.OK, type(), Unpooled.wrappedBuffer(content.get()))
                .with("content-security-policy", POLICY).with("referrer-policy", "no-referrer");
    }

    private String type() {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            default -> "application/octet-stream";
        };
    }
}
