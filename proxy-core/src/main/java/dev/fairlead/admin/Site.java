package dev.fairlead.admin;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** Who answers at one address. Called on the admin thread. */
interface Site {
    /** The answer to one request, at once or later and then on any thread. */
    CompletionStage<Answer> answer(Asked asked) throws IOException;
}
