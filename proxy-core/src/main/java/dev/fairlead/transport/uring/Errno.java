package dev.fairlead.transport.uring;

import dev.fairlead.model.IpPort;
import dev.fairlead.model.IpText;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.OpenFailure;

/** Linux' error numbers in our words. */
final class Errno {
    static final int PERM = 1;
    static final int INTR = 4;
    static final int AGAIN = 11;
    static final int NOMEM = 12;
    static final int ACCES = 13;
    static final int INVAL = 22;
    static final int NFILE = 23;
    static final int MFILE = 24;
    static final int ADDRINUSE = 98;
    static final int ADDRNOTAVAIL = 99;
    static final int NETUNREACH = 101;
    static final int CONNRESET = 104;
    static final int NOBUFS = 105;
    static final int TIMEDOUT = 110;
    static final int CONNREFUSED = 111;
    static final int HOSTUNREACH = 113;
    static final int CANCELED = 125;

    private Errno() {
    }

    static String word(int errno) {
        return switch (errno) {
            case PERM -> "Operation not permitted";
            case ACCES -> "Permission denied";
            case NOMEM -> "Cannot allocate memory";
            case NFILE -> "Too many open files in system";
            case MFILE -> "Too many open files";
            case ADDRINUSE -> "Address already in use";
            case ADDRNOTAVAIL -> "Cannot assign requested address";
            case NETUNREACH -> "Network is unreachable";
            case CONNRESET -> "Connection reset by peer";
            case NOBUFS -> "No buffer space available";
            case TIMEDOUT -> "Connection timed out";
            case CONNREFUSED -> "Connection refused";
            case HOSTUNREACH -> "No route to host";
            default -> "errno " + errno;
        };
    }

    static Cause breakage(int errno) {
        return switch (errno) {
            case TIMEDOUT -> Cause.TIMEOUT;
            case HOSTUNREACH, NETUNREACH -> Cause.UNREACHABLE;
            default -> Cause.RESET;
        };
    }

    static boolean starved(int errno) {
        return switch (errno) {
            case NFILE, MFILE, NOMEM, NOBUFS -> true;
            default -> false;
        };
    }

    static DialOutcome dialFailure(int errno) {
        return switch (errno) {
            case TIMEDOUT -> new DialOutcome.Failed(Cause.TIMEOUT, word(errno));
            case HOSTUNREACH, NETUNREACH -> new DialOutcome.Failed(Cause.UNREACHABLE, word(errno));
            case CONNRESET -> new DialOutcome.Failed(Cause.RESET, word(errno));
            case ADDRNOTAVAIL, AGAIN, NFILE, MFILE, NOMEM, NOBUFS -> new DialOutcome.Starved(word(errno));
            default -> new DialOutcome.Failed(Cause.REFUSED, word(errno));
        };
    }

    static OpenFailure openFailure(IpPort address, int errno) {
        String advice = switch (errno) {
            case ADDRINUSE ->
                " (another process listens there: ss -ltnp 'sport = :" + address.port() + "' names it)";
            case ADDRNOTAVAIL -> " (the address is not this machine's: ip route add local "
                    + IpText.format(address.ip()) + " dev lo makes it so)";
            case ACCES ->
                " (ports below 1024 need the capability NET_BIND_SERVICE, or sysctl net.ipv4.ip_unprivileged_port_start)";
            default -> "";
        };
        return new OpenFailure(word(errno) + advice, new java.io.IOException(word(errno)));
    }
}
