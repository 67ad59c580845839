package dev.fairlead.transport.linux;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.transport.DialOutcome;

/**
 * The kernel's error numbers, as far as we meet them, and what they mean to a connection. The same on both processors.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int E2BIG = 7;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int ENOSPC = 28;
    public static final int EMFILE = 24;
    public static final int EPIPE = 32;
    public static final int ENOSYS = 38;
    public static final int EMSGSIZE = 90;
    public static final int EADDRINUSE = 98;
    public static final int EADDRNOTAVAIL = 99;
    public static final int ENETUNREACH = 101;
    public static final int ECONNRESET = 104;
    public static final int ENOBUFS = 105;
    public static final int ETIMEDOUT = 110;
    public static final int ECONNREFUSED = 111;
    public static final int EHOSTUNREACH = 113;
    public static final int EINPROGRESS = 115;

    private Errno() {
    }

    /** Why an established connection broke. */
    public static Cause breakage(int errno) {
        return switch (errno) {
            case ETIMEDOUT -> Cause.TIMEOUT;
            case EHOSTUNREACH, ENETUNREACH -> Cause.UNREACHABLE;
            default -> Cause.RESET;
        };
    }

    /** Why a connection was not made. */
    public static Cause dialFailure(int errno) {
        return switch (errno) {
            case ETIMEDOUT -> Cause.TIMEOUT;
            case EHOSTUNREACH, ENETUNREACH -> Cause.UNREACHABLE;
            case ECONNRESET -> Cause.RESET;
            default -> Cause.REFUSED;
        };
    }

    /** Why datagrams do not get to an endpoint. */
    public static Cause flowFailure(int errno) {
        return errno == ECONNREFUSED ? Cause.REFUSED : Cause.UNREACHABLE;
    }

    /** Whether it says that we, not the peer, have run out of something: descriptors, memory, local ports. */
    public static boolean starvation(int errno) {
        return switch (errno) {
            case EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC, EADDRNOTAVAIL, EAGAIN -> true;
            default -> false;
        };
    }

    /** What came of an attempt to connect that failed. */
    public static DialOutcome dialOutcome(int errno) {
        return starvation(errno)
                ? new DialOutcome.Starved(word(errno))
                : new DialOutcome.Failed(dialFailure(errno), word(errno));
    }

    /** The kernel's word, as {@code strerror} has it. */
    public static String word(int errno) {
        return switch (errno) {
            case EPERM -> "Operation not permitted";
            case ENOENT -> "No such file or directory";
            case ESRCH -> "No such process";
            case EEXIST -> "File exists";
            case E2BIG -> "Argument list too long";
            case EAGAIN -> "Resource temporarily unavailable";
            case ENOMEM -> "Cannot allocate memory";
            case EACCES -> "Permission denied";
            case EINVAL -> "Invalid argument";
            case ENFILE -> "Too many open files in system";
            case EMFILE -> "Too many open files";
            case ENOSPC -> "No space left on device";
            case EPIPE -> "Broken pipe";
            case ENOSYS -> "Function not implemented";
            case EMSGSIZE -> "Message too long";
            case EADDRINUSE -> "Address already in use";
            case EADDRNOTAVAIL -> "Cannot assign requested address";
            case ENETUNREACH -> "Network is unreachable";
            case ECONNRESET -> "Connection reset by peer";
            case ENOBUFS -> "No buffer space available";
            case ETIMEDOUT -> "Connection timed out";
            case ECONNREFUSED -> "Connection refused";
            case EHOSTUNREACH -> "No route to host";
            default -> "errno " + errno;
        };
    }
}
