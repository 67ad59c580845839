package dev.fairlead.discovery.kubernetes;

import dev.fairlead.discovery.kubernetes.Event.Answer;
import dev.fairlead.discovery.kubernetes.Event.Answered;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.source.Permission;
import dev.fairlead.source.SourceFault;
import java.net.HttpURLConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go wrong just now, and what that means to a reader. A list or watch that fails is in trouble until one
 * of its kind succeeds. One thread.
 */
final class Troubles {
    private record Request(Watched what, Verb verb) {
    }

    private final Optional<String> namespace;
    // In the order in which they began.
    private final Map<Request, Answer> wrong = new LinkedHashMap<>();
    // What began it, so that one outage is told in one way, whatever recovers first.
    private Request first = new Request(Watched.SERVICES, Verb.LIST);
    private OptionalLong since = OptionalLong.empty();
    private long changedNanos;

    /** @param namespace where Services and slices are looked for; absent = everywhere */
    Troubles(Optional<String> namespace) {
        this.namespace = namespace;
    }

    void answered(Answered answered, long nowNanos, long nowEpochMillis) {
        Request request = new Request(answered.what(), answered.verb());
        if (answered.answer() instanceof Answer.Accepted) {
            if (wrong.remove(request) != null) {
                // The others may follow in an instant.
                changedNanos = nowNanos;
            }
            if (wrong.isEmpty()) {
                since = OptionalLong.empty();
            }
            return;
        }
        Answer before = wrong.get(request);
        if (sameBut(before, answered.answer())) {
            return;
        }
        if (wrong.isEmpty()) {
            since = OptionalLong.of(nowEpochMillis);
            first = request;
        }
        wrong.put(request, answered.answer());
        changedNanos = nowNanos;
    }

    /** The same answer, but perhaps for words that were heard since. */
    private static boolean sameBut(@Nullable Answer before, Answer now) {
        return now.equals(before) || (status(now) != 0 && before != null && status(before) == status(now));
    }

    /** The server's words to a refusal, which come apart from it. To a failure of its own it has nothing to say. */
    void explained(Watched what, int status, String words) {
        if (status >= HttpURLConnection.HTTP_INTERNAL_ERROR) {
            return;
        }
        wrong.replaceAll((request, answer) -> request.what == what && status(answer) == status
                ? new Answer.Refused(status, words)
                : answer);
    }

    boolean none() {
        return wrong.isEmpty();
    }

    /** Whether the server does not know who we are. */
    boolean unauthorized() {
        return wrong.values().stream().anyMatch(answer -> status(answer) == HttpURLConnection.HTTP_UNAUTHORIZED);
    }

    /** When what goes wrong was last another than before. */
    long changedNanos() {
        return changedNanos;
    }

    /**
     * What a reader should know, empty where nothing is wrong.
     *
     * @param url the server's
     * @param advice what to try where it does not answer
     */
    Optional<SourceFault> fault(String url, String advice) {
        Optional<Answer> outage = wrong.values().stream()
                .filter(answer -> status(answer) != HttpURLConnection.HTTP_FORBIDDEN).findFirst();
        if (outage.isPresent()) {
            return outage.map(answer -> new SourceFault.Unreachable(url, words(first, answer, advice), since));
        }
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        List<Permission> missing = wrong.keySet().stream().sorted((one, other) -> one.what.compareTo(other.what))
                .map(request -> request.what.permission(request.verb, namespace)).toList();
        String words = wrong.values().stream().map(Troubles::serverWords).filter(text -> !text.isEmpty()).findFirst()
                .orElse("");
        return Optional.of(new SourceFault.Forbidden(url, missing, words, since));
    }

    private static int status(Answer answer) {
        return answer instanceof Answer.Refused(int status, String _) ? status : 0;
    }

    private static String serverWords(Answer answer) {
        return answer instanceof Answer.Refused(int _, String words) ? words : "";
    }

    private static String words(Request request, Answer answer, String advice) {
        String tried = "cannot " + request.verb + " " + request.what + ": ";
        return tried + switch (answer) {
            case Answer.Accepted() -> throw new IllegalStateException("an accepted request is no trouble");
            case Answer.Lost(String why) -> why + "; it is tried again by itself (" + advice + ")";
            case Answer.Refused(int status, String words) -> "the server answers " + status
                    + (words.isEmpty() ? "" : ", " + words) + "; it is tried again by itself (" + hint(status) + ")";
        };
    }

    private static String hint(int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_UNAUTHORIZED ->
                "check the token or client certificate, which is read again every time";
            case HttpURLConnection.HTTP_NOT_FOUND ->
                "is this a Kubernetes API server, of version 1.21 or later?";
            default -> "is the API server well?";
        };
    }
}
