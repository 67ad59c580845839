package dev.fairlead.admin;

import java.io.IOException;

/** One path that may be asked for. Called on the admin thread. */
interface Page {
    /** What the page says now. */
    Answer answer(Question question) throws IOException;
}
