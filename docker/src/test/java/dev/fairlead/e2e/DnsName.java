package dev.fairlead.e2e;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A name that the tests' name servers know.
 *
 * @param ip its one address
 */
record DnsName(String text, String ip) {
    private static final List<DnsName> ALL = IntStream.range(0, 50)
            .mapToObj(i -> new DnsName("host-" + i + ".test", "192.0.2." + (i + 1))).toList();

    static List<DnsName> all() {
        return ALL;
    }

    /** One of them; numbers beyond the last begin anew. */
    static DnsName of(int number) {
        return ALL.get(number % ALL.size());
    }
}
