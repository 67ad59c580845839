package dev.fairlead.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardTest {
    private final Guard guard = new Guard(Insides.TOKEN);

    private int status(String method, String path, boolean own, String... headers) {
        HttpHeaders said = new DefaultHttpHeaders();
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            said.add(parts[0], parts[1]);
        }
        Asked asked = new Asked(HttpMethod.valueOf(method), path, said, own);
        Optional<Answer> refusal = guard.refusal(asked);
        return refusal.or(() -> method.equals("POST") ? guard.refusalToChange(asked) : refusal).map(answer -> {
            answer.body().release();
            return answer.status().code();
        }).orElse(200);
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/services, 127.0.0.1:10349, 200", "/api/v1/services, localhost:10349, 200",
            "/, LOCALHOST, 200", "/api/v1/services, [::1]:10349, 200", "/, 192.0.2.7, 200", "/, [::1], 200",
            "/api/v1/services, evil.example:10349, 403", "/, evil.example, 403",
            "/page.js, 127.0.0.1.evil.example, 403",
            "/api/v1/stream, localhost.evil.example:10349, 403", "/, '[::1', 403", "/, '[evil.example]:10349', 403",
            "/metrics, fairlead.kube-system:10349, 200", "/readyz, fairlead.kube-system, 200"})
    void isAskedByAddressOnly(String path, String host, int status) {
        assertThat(status("GET", path, false, "host: " + host)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {"open-sesame, -, -, 200", "open-sesame, http://127.0.0.1:1, -, 200",
            "open-sesame, http://127.0.0.1:1, same-origin, 200", "open-sesame, -, none, 200",
            "open-sesame, http://127.0.0.1:2, -, 403", "open-sesame, https://127.0.0.1:1, -, 403",
            "open-sesame, 'null', -, 403", "open-sesame, -, cross-site, 403", "open-sesame, -, same-site, 403",
            "open-sesam, -, -, 401", "'', -, -, 401", "-, -, -, 401"})
    void aChangeNeedsTheTokenAndComesFromHere(String token, String origin, String site, int status) {
        assertThat(status("POST", "/api/v1/drain", false, "host: 127.0.0.1:1",
                token == null ? "x: y" : "authorization: Bearer " + token,
                origin == null ? "x: y" : "origin: " + origin, site == null ? "x: y" : "sec-fetch-site: " + site))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/v1/token", "POST, /api/v1/drain"})
    void whoMayReachTheSocketIsAskedNothing(String method, String path) {
        assertThat(status(method, path, true, "host: fairlead")).isEqualTo(200);
    }
}
