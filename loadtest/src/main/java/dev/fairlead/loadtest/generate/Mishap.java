package dev.fairlead.loadtest.generate;

import io.netty.channel.unix.Errors;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.Locale;

/** Why a unit failed. */
enum Mishap {
    /** Nobody listens. */
    REFUSED,
    /** Reset by the peer. */
    RESET,
    /** Nothing came for five seconds. */
    TIMEOUT,
    /** Closed in order with fewer bytes than agreed. */
    SHORT,
    /** More bytes than agreed. */
    EXCESS,
    /** Other bytes than were sent. */
    CORRUPT,
    /** Closed in order when it was to stay open. */
    ENDED,
    /** No reply to a datagram in half a second. */
    LOST,
    /** A reply that came after the reply to a later request of the same port. */
    REORDERED,
    /** A reply to a request that was given up before, though no later one had its reply: it is counted as lost too. */
    LATE,
    /** A second reply to the same request. */
    DUPLICATE,
    /** In flight for more than a second when the measured window ended. */
    STALLED,
    /** No way to that address. */
    UNREACHABLE,
    /** The kernel has no client port left for that address. */
    NO_PORT,
    /** This process has no descriptor left. */
    NO_DESCRIPTOR,
    /** Anything else: the line on stderr says what. */
    OTHER;

    private static final int EMFILE = -24;
    private static final int EADDRNOTAVAIL = -99;
    private static final int ECONNREFUSED = -111;
    private static final int ETIMEDOUT = -110;
    private static final int EHOSTUNREACH = -113;

    /** As written in reports: {@code no-port}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What a failed system call means for the unit. */
    static Mishap of(Throwable problem) {
        return switch (problem) {
            case Errors.NativeIoException failed -> ofErrno(failed.expectedErr());
            case NoRouteToHostException _ -> UNREACHABLE;
            case PortUnreachableException _ -> REFUSED;
            case ConnectException refused when String.valueOf(refused.getMessage()).contains("(-99)") -> NO_PORT;
            case ConnectException refused when String.valueOf(refused.getMessage()).contains("(-110)") -> TIMEOUT;
            case ConnectException refused when String.valueOf(refused.getMessage()).contains("(-111)") -> REFUSED;
            default -> problem.getCause() == null ? OTHER : of(problem.getCause());
        };
    }

    /** As {@link #of}, for the negative number itself. */
    static Mishap ofErrno(int negative) {
        if (negative == Errors.ERRNO_ECONNRESET_NEGATIVE || negative == Errors.ERRNO_EPIPE_NEGATIVE) {
            return RESET;
        }
        return switch (negative) {
            case ECONNREFUSED -> REFUSED;
            case ETIMEDOUT -> TIMEOUT;
            case EHOSTUNREACH -> UNREACHABLE;
            case EADDRNOTAVAIL -> NO_PORT;
            case EMFILE -> NO_DESCRIPTOR;
            default -> OTHER;
        };
    }
}
