package dev.fairlead.admin;

/**
 * What is kept up to date once a second. Confined to the admin thread.
 *
 * @param stream who follows
 */
record Live(Samples samples, StatusPage status, EventStream stream) {
    static Live of(Observed observed) {
        Samples samples = new Samples(observed);
        StatusPage status = new StatusPage(observed, samples);
        return new Live(samples, status, new EventStream(status, observed.inside().journal()));
    }

    void turn() {
        samples.take();
        stream.turn();
    }
}
