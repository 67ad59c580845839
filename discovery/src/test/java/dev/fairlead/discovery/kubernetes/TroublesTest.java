package dev.fairlead.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.discovery.kubernetes.Event.Answer;
import dev.fairlead.discovery.kubernetes.Event.Answered;
import dev.fairlead.discovery.kubernetes.Watched.Verb;
import dev.fairlead.source.SourceFault;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TroublesTest {
    private static final String URL = "https://192.0.2.1:6443";
    private static final Answer ACCEPTED = new Answer.Accepted();
    private static final Answer LOST = new Answer.Lost("connection refused");
    private static final Answer FORBIDDEN = new Answer.Refused(403, "");

    private final Troubles troubles = new Troubles(Optional.empty());
    private long now;

    private void answered(Watched what, Verb verb, Answer answer) {
        now++;
        troubles.answered(new Answered(what, verb, answer), now, 1000 + now);
    }

    private Optional<SourceFault> fault() {
        return troubles.fault(URL, "advice");
    }

    @Test
    void anOutageIsOneFaultHoweverManyRequestsItHits() {
        answered(Watched.SLICES, Verb.WATCH, LOST);
        SourceFault first = fault().orElseThrow();
        answered(Watched.SERVICES, Verb.WATCH, LOST);
        answered(Watched.SLICES, Verb.WATCH, LOST);

        assertThat(fault()).contains(first);
        assertThat(first).isEqualTo(new SourceFault.Unreachable(URL,
                "cannot watch endpointslices: connection refused; it is tried again by itself (advice)",
                OptionalLong.of(1001)));
    }

    @Test
    void itEndsWhenEveryRequestSucceedsAgain() {
        answered(Watched.SLICES, Verb.WATCH, LOST);
        answered(Watched.SERVICES, Verb.LIST, LOST);
        answered(Watched.SLICES, Verb.WATCH, ACCEPTED);
        assertThat(fault()).isPresent();
        answered(Watched.SERVICES, Verb.WATCH, ACCEPTED);
        assertThat(fault()).as("a watch says nothing about a list").isPresent();
        answered(Watched.SERVICES, Verb.LIST, ACCEPTED);

        assertThat(fault()).isEmpty();
        assertThat(troubles.none()).isTrue();
        answered(Watched.SLICES, Verb.WATCH, LOST);
        assertThat(fault().orElseThrow().sinceEpochMillis()).as("another outage").hasValue(1006);
    }

    @Test
    void theSameAnswerAgainIsNoChange() {
        answered(Watched.SLICES, Verb.WATCH, LOST);
        answered(Watched.SLICES, Verb.WATCH, LOST);
        assertThat(troubles.changedNanos()).isEqualTo(1);
        answered(Watched.SLICES, Verb.WATCH, FORBIDDEN);

        assertThat(troubles.changedNanos()).isEqualTo(3);
    }

    @Test
    void theServersWordsSurviveARefusalWithoutAny() {
        answered(Watched.SERVICES, Verb.LIST, FORBIDDEN);
        troubles.explained(Watched.SLICES, 403, "that is another's");
        troubles.explained(Watched.SERVICES, 404, "that is another's");
        troubles.explained(Watched.SERVICES, 403, "no, alice");
        answered(Watched.SERVICES, Verb.LIST, FORBIDDEN);

        assertThat(fault().orElseThrow().summary())
                .isEqualTo(URL + ": may not list services; grant it with RBAC (no, alice)");
    }

    @Test
    void whoIsOutOfReachMayDoNothingElseWrong() {
        answered(Watched.SERVICES, Verb.LIST, FORBIDDEN);
        answered(Watched.SLICES, Verb.LIST, LOST);

        assertThat(fault()).containsInstanceOf(SourceFault.Unreachable.class);
    }

    @Test
    void whatAnAnswerMeansIsSaid() {
        answered(Watched.SLICES, Verb.LIST, new Answer.Refused(404, "the server could not find it"));
        assertThat(fault().orElseThrow().summary()).isEqualTo(URL + ": cannot list endpointslices: the server answers"
                + " 404, the server could not find it; it is tried again by itself (is this a Kubernetes API server, of"
                + " version 1.21 or later?)");
        assertThat(troubles.unauthorized()).isFalse();

        answered(Watched.SLICES, Verb.LIST, new Answer.Refused(401, ""));
        assertThat(fault().orElseThrow().summary()).contains("401").contains("check the token or client certificate");
        assertThat(troubles.unauthorized()).isTrue();

        answered(Watched.SLICES, Verb.LIST, new Answer.Refused(500, ""));
        assertThat(fault().orElseThrow().summary()).endsWith("(is the API server well?)");
    }
}
