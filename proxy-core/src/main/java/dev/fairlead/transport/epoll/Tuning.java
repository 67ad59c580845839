package dev.fairlead.transport.epoll;

/**
 * The sizes of the data path.
 *
 * @param readSize bytes read at a time while a flow may still turn out to be small; what a blocked flow holds at most
 * @param bulkReadSize bytes read at a time by a bulk flow that got no pipe
 * @param pipes pipes a loop may have at a time; 0 = splice is never used
 * @param pipeSize capacity wished of a pipe in bytes: the larger the cheaper, measured
 * @param leastPipeSize a pipe that the kernel grants less for does not pay
 */
record Tuning(int readSize, int bulkReadSize, int pipes, int pipeSize, int leastPipeSize) {
    /** With what was measured to be best, and so many pipes. */
    static Tuning withPipes(int pipes) {
        return new Tuning(64 * 1024, 256 * 1024, pipes, 1024 * 1024, 256 * 1024);
    }
}
