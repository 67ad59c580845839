package dev.fairlead.app.privilege;

import dev.fairlead.transport.linux.NetSettings;

/**
 * What anybody may do in this network namespace: Documentation/networking/ip-sysctl.rst and admin-guide/sysctl/net.rst.
 *
 * @param firstFreePort ports from here on may be listened at
 * @param receiveBuffer bytes that may wait at a socket
 */
record MachineLimits(int firstFreePort, int receiveBuffer) {
    /** What holds where nobody has changed it, and where it cannot be known. */
    static final MachineLimits USUAL = new MachineLimits(1024, 212_992);

    /** As they are. */
    static MachineLimits now() {
        return new MachineLimits(number("ipv4/ip_unprivileged_port_start", USUAL.firstFreePort),
                number("core/rmem_max", USUAL.receiveBuffer));
    }

    private static int number(String name, int usual) {
        return NetSettings.numbers(name).stream().findFirst().map(Math::toIntExact).orElse(usual);
    }
}
