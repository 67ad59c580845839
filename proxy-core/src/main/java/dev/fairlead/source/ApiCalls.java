package dev.fairlead.source;

/**
 * Where a source tells what it asked the Kubernetes API, as client-go counts it
 * (k8s.io/component-base/metrics/prometheus/restclient). Callable from any thread; never blocks.
 */
public interface ApiCalls {
    /** What stands for the status of a call that got no answer, as in client-go. */
    String NO_ANSWER = "<error>";

    /** Nobody counts. */
    ApiCalls NONE = (_, _, _, _) -> {
    };

    /**
     * A call is over; a watch is over when its answer begins.
     *
     * @param method of HTTP, in capitals
     * @param host of the API server, with its port
     * @param code the answer's status, or {@link #NO_ANSWER}
     * @param nanos what it took
     */
    void answered(String method, String host, String code, long nanos);
}
