package dev.fairlead.loadtest.generate;

/**
 * How an endpoint answers.
 *
 * @param bytes of a reply
 * @param request bytes that come before it
 * @param doors how many share the address
 */
record EndpointPlan(EndpointKind kind, int bytes, int request, int doors) {
}
