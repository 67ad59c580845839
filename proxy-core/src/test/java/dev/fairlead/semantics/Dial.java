package dev.fairlead.semantics;

/** A flow that asks for a verdict. */
record Dial(String protocol, Ip source, Ip destination, int port) {
    @Override
    public String toString() {
        return source + " -> " + destination.with(port) + "/" + protocol;
    }
}
