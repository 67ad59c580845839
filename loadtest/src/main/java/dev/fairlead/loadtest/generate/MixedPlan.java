package dev.fairlead.loadtest.generate;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The soak's traffic.
 *
 * @param echo frontend of endpoints that echo
 * @param source frontend of endpoints that send without end
 * @param reply frontend of endpoints that answer and close
 * @param replyBytes what these answer
 * @param connections at once
 * @param duration in which talks begin; those under way are ended after it
 */
record MixedPlan(InetSocketAddress echo, InetSocketAddress source, InetSocketAddress reply, int replyBytes,
        int connections, Duration duration, long seed) {
}
