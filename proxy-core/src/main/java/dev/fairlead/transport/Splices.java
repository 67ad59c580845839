package dev.fairlead.transport;

/**
 * How often flows passed through a pipe, their bytes never leaving the kernel.
 *
 * @param begun times that a flow began to; ever growing
 * @param ended times that one stopped, for any reason; ever growing, at most {@code begun}
 */
public record Splices(long begun, long ended) {
    public static final Splices NONE = new Splices(0, 0);

    /** Both together. */
    public Splices plus(Splices other) {
        return new Splices(begun + other.begun, ended + other.ended);
    }
}
