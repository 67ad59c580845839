package dev.fairlead.admin;

import java.io.IOException;

/** One path that may be asked for. Called on the admin thread. */
interface Page {
    /**
     * What the page says now.
     *
     * @param accept the request's Accept header, empty where there is none
     */
    Answer answer(String accept) throws IOException;
}
