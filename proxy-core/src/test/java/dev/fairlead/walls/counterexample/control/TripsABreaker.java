package dev.fairlead.walls.counterexample.control;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;

/** Sees resilience4j outside health. */
public final class TripsABreaker {
    void trip(CircuitBreaker breaker) {
        breaker.reset();
    }
}
