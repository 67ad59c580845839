package dev.fairlead.discovery.kubernetes;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** Why something failed, in words that an operator knows: the JDK's exceptions have few of their own. */
final class FailureWords {
    private FailureWords() {
    }

    /** One line; the same for the same failure, so that it can be told once. */
    static String of(Throwable thrown) {
        Throwable cause = unwrapped(thrown);
        for (Throwable inner = cause; inner != null; inner = inner.getCause()) {
            if (inner instanceof UnresolvedAddressException || inner instanceof UnknownHostException) {
                return "its name cannot be resolved";
            }
        }
        return switch (cause) {
            case HttpConnectTimeoutException _ -> "no connection in time";
            case HttpTimeoutException _,TimeoutException _ -> "no answer in time";
            case ConnectException refused -> words(refused, "connection refused");
            case SSLException tls -> "TLS: " + words(tls, "handshake failed");
            case NoSuchFileException _ -> "no such file";
            case AccessDeniedException _ -> "permission denied";
            default -> words(cause, cause.getClass().getSimpleName());
        };
    }

    private static String words(Throwable thrown, String otherwise) {
        String message = Objects.requireNonNullElse(thrown.getMessage(), "");
        return message.isBlank() ? otherwise : message.lines().findFirst().orElse(otherwise).strip();
    }

    /** The failure itself, without what only carries it from thread to thread. */
    static Throwable unwrapped(Throwable thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
