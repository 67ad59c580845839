package dev.fairlead.discovery.kubernetes;

import dev.fairlead.model.ServiceName;

/**
 * Something about a Service that an operator must see.
 *
 * @param reason in CamelCase, for machines: {@code FailedToOpenListener}
 * @param action in CamelCase, what was tried: {@code Listen}
 * @param note for people: what was tried, where, what came of it and what to do
 */
public record ServiceTrouble(ServiceName service, String reason, String action, String note) {
}
