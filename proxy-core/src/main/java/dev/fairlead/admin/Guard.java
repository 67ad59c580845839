package dev.fairlead.admin;

import dev.fairlead.model.IpText;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages of other sites out, which a browser on this machine would let in: one that has its own name resolve
 * to this address (DNS rebinding) is known by the Host header, one that posts here (CSRF) by Origin and Sec-Fetch-Site.
 * Whoever changes something needs the token besides; over the process's own socket nothing of this is asked.
 */
final class Guard {
    // Probes and scrapes come by names of a cluster's own, and say little.
    private static final Set<String> BY_ANY_NAME = Set.of("/livez", "/readyz", "/metrics");
    private static final String SCHEME = "bearer ";

    private final byte[] token;

    Guard(String token) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    /** Why a request of any kind is turned away; empty where it is not. */
    Optional<Answer> refusal(Asked asked) {
        if (asked.own()) {
            return Optional.empty();
        }
        Optional<String> host = asked.headerIfAny("host");
        if (host.isPresent() && !BY_ANY_NAME.contains(asked.path()) && !isAddress(host.get())) {
            return refused(HttpResponseStatus.FORBIDDEN, "this address is asked by its IP address or as localhost, not"
                    + " as \"" + host.get() + "\": a name may be anybody's (DNS rebinding)\n");
        }
        if (!asked.method().equals(HttpMethod.POST)) {
            return Optional.empty();
        }
        Optional<String> origin = asked.headerIfAny("origin");
        boolean foreign = origin.isPresent() && !origin.equals(host.map(name -> "http://" + name));
        String site = asked.headerIfAny("sec-fetch-site").orElse("same-origin");
        if (foreign || !(site.equals("same-origin") || site.equals("none"))) {
            return refused(HttpResponseStatus.FORBIDDEN, "a page of another site may not change anything here\n");
        }
        return Optional.empty();
    }

    /** Why somebody may change nothing; empty where they may. */
    Optional<Answer> refusalToChange(Asked asked) {
        return asked.own() || entitled(asked)
                ? Optional.empty()
                : refused(HttpResponseStatus.UNAUTHORIZED,
                        "this changes something, so it needs the token: Authorization: Bearer TOKEN, which"
                                + " \"fairlead get token\" prints on the machine where Fairlead runs\n")
                        .map(answer -> answer.with(HttpHeaderNames.WWW_AUTHENTICATE.toString(), "Bearer"));
    }

    private boolean entitled(Asked asked) {
        String said = asked.headerIfAny("authorization").orElse("");
        return said.toLowerCase(Locale.ROOT).startsWith(SCHEME) && MessageDigest
                .isEqual(said.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8), token);
    }

    /** {@code IP}, {@code IP:port}, {@code [IP]:port} or the same with {@code localhost}. */
    private static boolean isAddress(String host) {
        String name = host.startsWith("[")
                ? host.substring(1, Math.max(1, host.indexOf(']')))
                : host.replaceFirst(":\\d*$", "");
        return name.equalsIgnoreCase("localhost") || IpText.parse(name).isPresent();
    }

    private static Optional<Answer> refused(HttpResponseStatus status, String why) {
        return Optional.of(Answer.text(status, why));
    }
}
