package dev.fairlead.admin;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;

/**
 * One request, without its body: nothing here has one.
 *
 * @param uri with or without a query
 * @param own whether it came over the process's own socket, which only its user and root can reach
 */
record Asked(HttpMethod method, String uri, HttpHeaders headers, boolean own) {
    /** The path alone. */
    String path() {
        return uri.split("[?#]", 2)[0];
    }

    /** All of a header's values, comma-separated; empty where there is none. */
    String header(String name) {
        return String.join(",", headers.getAll(name));
    }

    /** A header's value; absent where there is none. */
    Optional<String> headerIfAny(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    boolean reads() {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }
}
