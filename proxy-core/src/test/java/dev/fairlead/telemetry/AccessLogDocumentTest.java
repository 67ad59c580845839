package dev.fairlead.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.forward.SessionSummary;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.Termination;
import dev.fairlead.model.Termination.Cause;
import dev.fairlead.model.Termination.Phase;
import dev.fairlead.model.Termination.Side;
import dev.fairlead.model.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/access-log.md tells every word that a line may have, and no other. */
class AccessLogDocumentTest {
    private static String document() throws IOException {
        return Files.readString(Path.of("../docs/access-log.md"));
    }

    /** The words in the first column of the table under a heading. */
    private static List<String> told(String heading) throws IOException {
        String document = document();
        int start = document.indexOf("## " + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        int end = document.indexOf("\n## ", start + 1);
        return Pattern.compile("(?m)^\\| `(\\w+)` \\|")
                .matcher(document.substring(start, end < 0 ? document.length() : end))
                .results().map(row -> row.group(1)).toList();
    }

    private static List<String> names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).toList();
    }

    @Test
    void everyWordOfAnEndOneByOne() throws IOException {
        assertThat(told("Who ended it")).isEqualTo(names(Side.values()));
        assertThat(told("How far it had come")).isEqualTo(names(Phase.values()));
        assertThat(told("Why")).isEqualTo(names(Cause.values()));
    }

    @Test
    void everyField() throws IOException {
        SessionSummary summary = new SessionSummary(Optional.of(Fleet.service("default/web:http")),
                IpPort.of("10.0.0.1:1"), TransportAddress.tcp(IpPort.of("10.96.0.1:80")),
                Optional.of(IpPort.of("10.1.0.1:8080")), "random",
                List.of(new SessionSummary.FailedAttempt(IpPort.of("10.1.0.2:8080"), Cause.REFUSED, "no")), 1, 2, 3, 4,
                5, new Termination(Side.CLIENT, Phase.RELAY, Cause.FIN));
        StringBuilder json = new StringBuilder();
        new JsonLine().append(summary, json);
        StringBuilder text = new StringBuilder();
        new TextLine().append(summary, text);
        String document = document();

        Map<String, Object> fields = JsonReading.object(json.toString());
        assertThat(fields.keySet()).allSatisfy(field -> assertThat(document).contains("`" + field + "`"));
        assertThat(Pattern.compile(" (\\w+)=").matcher(text).results().map(word -> word.group(1)))
                .hasSizeGreaterThan(5).allSatisfy(word -> assertThat(document).contains("`" + word + "=`"));
    }
}
