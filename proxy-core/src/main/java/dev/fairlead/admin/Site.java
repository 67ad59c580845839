package dev.fairlead.admin;

import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;

/** Who answers at one address. Called on the admin thread. */
interface Site {
    /**
     * The answer to one request.
     *
     * @param uri as the request has it, with or without a query
     */
    Answer answer(HttpMethod method, String uri, String accept) throws IOException;
}
