package dev.fairlead.transport.channel;

import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.IpPort;
import dev.fairlead.transport.DialOutcome;
import dev.fairlead.transport.FlowOpening;
import dev.fairlead.transport.OpenFailure;
import io.netty.channel.ChannelException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors;
import java.net.BindException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the kernel said, from the exceptions that Netty and the JDK make of it. */
final class KernelWords {
    // Linux' errno values, negated as Netty keeps them.
    private static final int TIMED_OUT = -110;
    private static final int HOST_UNREACHABLE = -113;
    private static final int NETWORK_UNREACHABLE = -101;

    private static final String REFUSED = "Connection refused";
    private static final String NO_ROUTE = "No route to host";
    // A kernel that has no local port left for a UDP socket says that it is unavailable.
    private static final Set<String> STARVED = Set.of("Too many open files", "Too many open files in system",
            "Cannot allocate memory", "No buffer space available", "Resource temporarily unavailable",
            "Cannot assign requested address", "Address already in use", "No space left on device");

    private KernelWords() {
    }

    static DialOutcome dialFailure(Throwable failure) {
        String detail = detail(failure);
        if (failure instanceof ConnectTimeoutException) {
            return new DialOutcome.Failed(Cause.TIMEOUT, "no answer in time");
        }
        if (failure instanceof NoRouteToHostException || failure instanceof PortUnreachableException) {
            return new DialOutcome.Failed(Cause.UNREACHABLE, detail);
        }
        // A socket that could not even be made says nothing about the endpoint. Nor does a lack of local ports, which
        // Netty's epoll reports as a refused connection: the errno is hidden, its text is the only trace of it.
        if (failure instanceof ChannelException || failure instanceof BindException
                || detail.endsWith("Cannot assign requested address")) {
            return new DialOutcome.Starved(detail);
        }
        return new DialOutcome.Failed(Cause.REFUSED, detail);
    }

    /** Why a door did not open. The errno is told as text only, so the text is looked at. */
    static OpenFailure openFailure(IpPort address, Throwable failure) {
        return new OpenFailure(address, word(failure), failure);
    }

    /** Why a flow's socket could not be made or connected. By text again. */
    static FlowOpening flowFailure(Throwable failure) {
        String word = word(failure);
        if (STARVED.contains(word)) {
            return new FlowOpening.Starved(word);
        }
        return new FlowOpening.Failed(word.equals(REFUSED) ? Cause.REFUSED : Cause.UNREACHABLE, word);
    }

    /** What a connected UDP socket says of its endpoint; null where the failure is none of the endpoint's. */
    static @Nullable Cause unreachable(Throwable failure) {
        return switch (word(failure)) {
            case REFUSED -> Cause.REFUSED;
            case NO_ROUTE, "Network is unreachable", "Host is down" -> Cause.UNREACHABLE;
            default -> null;
        };
    }

    /** Why an established connection broke. Where the errno is not told (the JDK's selector), it counts as a reset. */
    static Cause breakage(Throwable failure) {
        if (failure instanceof Errors.NativeIoException io) {
            return switch (io.expectedErr()) {
                case TIMED_OUT -> Cause.TIMEOUT;
                case HOST_UNREACHABLE, NETWORK_UNREACHABLE -> Cause.UNREACHABLE;
                default -> Cause.RESET;
            };
        }
        return Cause.RESET;
    }

    /** As {@code strerror} has it: the innermost message without the name of the call. */
    static String word(Throwable failure) {
        // Some of these two come without a word.
        if (failure instanceof PortUnreachableException) {
            return REFUSED;
        }
        if (failure instanceof NoRouteToHostException) {
            return NO_ROUTE;
        }
        String detail = detail(failure);
        return detail.substring(detail.lastIndexOf(": ") < 0 ? 0 : detail.lastIndexOf(": ") + 2);
    }

    /** The innermost message, without Netty's wrapping. */
    static String detail(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
