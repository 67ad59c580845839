package dev.fairlead.loadtest.generate;

import dev.fairlead.loadtest.JsonLine;

/** What this process plays. */
interface Role extends AutoCloseable {
    /** Does what the command says, and answers when it is done. */
    JsonLine answer(Command command) throws CommandFailed, InterruptedException;

    @Override
    void close();
}
