package dev.fairlead.app.doctor;

import dev.fairlead.transport.linux.NetSettings;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the kernel allows, each empty where it does not say: Documentation/networking/ip-sysctl.rst,
 * nf_conntrack-sysctl.rst, admin-guide/sysctl/net.rst.
 *
 * @param descriptors files that this process may have open
 * @param localPorts how many ports clients of one address may have
 * @param acceptQueue connections that may wait at a listening socket
 * @param receiveBuffer bytes that may wait at a socket
 * @param tracked connections that are tracked
 * @param trackable connections that may be
 */
record MachineFacts(OptionalLong descriptors, OptionalLong localPorts, OptionalLong acceptQueue,
        OptionalLong receiveBuffer, OptionalLong tracked, OptionalLong trackable) {
    /** As they are now. */
    static MachineFacts now(long descriptors) {
        return new MachineFacts(
                descriptors == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(descriptors),
                ports(), number("core/somaxconn"), number("core/rmem_max"),
                number("netfilter/nf_conntrack_count"), number("netfilter/nf_conntrack_max"));
    }

    private static OptionalLong ports() {
        List<Long> ends = NetSettings.numbers("ipv4/ip_local_port_range");
        return ends.size() == 2 ? OptionalLong.of(ends.getLast() - ends.getFirst() + 1) : OptionalLong.empty();
    }

    private static OptionalLong number(String name) {
        return NetSettings.numbers(name).stream().mapToLong(Long::longValue).findFirst();
    }
}
