package dev.fairlead.loadtest.bench.contender;

/** No proxy: clients dial the endpoints, in turn. */
public record Direct() implements Contender {
    @Override
    public String name() {
        return "direct";
    }

    @Override
    public Family family() {
        return Family.DIRECT;
    }

    @Override
    public Running start(Assignment assignment) {
        return Running.kernel(this, assignment);
    }
}
