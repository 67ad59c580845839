package dev.fairlead.model;

/** A Service that is not proxied, and why, in words for a reader. */
public record SkippedService(ServiceName service, String why) {
}
