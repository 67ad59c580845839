package dev.fairlead.transport;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;

/** A door could not be opened: address in use, not local, not permitted. The message is the kernel's word. */
public final class OpenFailure extends Exception {
    private static final long serialVersionUID = 1;

    public OpenFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param word as {@code strerror} has it; what to do about it is added where it is known */
    public OpenFailure(IpPort address, String word) {
        super(word + advice(address, word));
    }

    /** As {@link #OpenFailure(IpPort, String)}, for where the kernel's word came as an exception. */
    public OpenFailure(IpPort address, String word, Throwable cause) {
        super(word + advice(address, word), cause);
    }

    private static String advice(IpPort address, String word) {
        return switch (word) {
            case "Address already in use" ->
                " (another process listens there: ss -ltunp 'sport = :" + address.port() + "' names it)";
            case "Cannot assign requested address" -> " (the address is not this machine's: ip route add local "
                    + IpText.format(address.ip())
                    + " dev lo makes it so, and serviceAddresses: anyip makes Fairlead do it)";
            case "Permission denied" ->
                " (ports below 1024 need the capability NET_BIND_SERVICE, or sysctl net.ipv4.ip_unprivileged_port_start)";
            default -> "";
        };
    }
}
