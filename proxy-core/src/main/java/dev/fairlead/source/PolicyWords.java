package dev.fairlead.source;

import dev.fairlead.model.BalancerChoice;
import dev.fairlead.model.KeepAlive;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.PolicyWord.Parsed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every {@link PolicyWord}: the one home of their names, checks and messages. Immutable. */
public final class PolicyWords {
    private static final Pattern BALANCER = Pattern.compile("([^()\\s]+)(?:\\(([^()]*)\\))?");
    private static final Duration LONGEST = Duration.ofHours(24);

    private final KnownBalancers balancers;
    private final List<PolicyWord> words;

    public PolicyWords(KnownBalancers balancers) {
        this.balancers = balancers;
        this.words = List.of(
                new PolicyWord("balancer", "Who picks the endpoint of a new connection.",
                        "one of " + String.join(", ", balancers.names()), p -> p.balancer().toString(),
                        this::balancer),
                new PolicyWord("connectTimeout", "How long one attempt to connect to one endpoint may take.",
                        "a duration such as 2s or 500ms", p -> DurationText.format(p.connectTimeout()),
                        text -> duration(text, d -> p -> p.withConnectTimeout(d))),
                new PolicyWord("connectAttempts", "How many different endpoints are tried for one connection.",
                        "a whole number from 1 to 16", p -> Integer.toString(p.connectAttempts()),
                        text -> number(text, 1, 16, n -> p -> p.withConnectAttempts(n))),
                new PolicyWord("connectBudget", "How long all attempts of one connection may take together.",
                        "a duration such as 5s or 500ms", p -> DurationText.format(p.connectBudget()),
                        text -> duration(text, d -> p -> p.withConnectBudget(d))),
                new PolicyWord("keepAlive",
                        "TCP keepalive on both sides: how long a silent connection waits for the first probe.",
                        "a duration of whole seconds such as 60s, or off", PolicyWords::showKeepAlive,
                        PolicyWords::keepAlive),
                new PolicyWord("idleTimeout", "End a connection without a byte in either direction for this long.",
                        "a duration such as 10m, or off",
                        p -> p.idleTimeout().map(DurationText::format).orElse("off"),
                        text -> text.equals("off")
                                ? new Parsed.Change(p -> p.withIdleTimeout(Optional.empty()))
                                : duration(text, d -> p -> p.withIdleTimeout(Optional.of(d)))),
                new PolicyWord("connectionsPerSecond", "New connections accepted per second; more are reset.",
                        "a whole number from 1 to 1000000, or off", p -> numberOrOff(p.connectionsPerSecond()),
                        text -> numberOrOff(text, n -> p -> p.withConnectionsPerSecond(n))),
                new PolicyWord("udpTimeout",
                        "End a UDP flow that had no reply yet after this long without a datagram.",
                        "a duration such as 30s or 500ms", p -> DurationText.format(p.udpTimeout()),
                        text -> duration(text, d -> p -> p.withUdpTimeout(d))),
                new PolicyWord("udpStreamTimeout",
                        "End a UDP flow that had a reply after this long without a datagram in either direction.",
                        "a duration such as 2m or 500ms", p -> DurationText.format(p.udpStreamTimeout()),
                        text -> duration(text, d -> p -> p.withUdpStreamTimeout(d))),
                new PolicyWord("responses", "End a UDP flow after so many replies: 1 for DNS.",
                        "a whole number from 1 to 1000000, or off", p -> numberOrOff(p.responses()),
                        text -> numberOrOff(text, n -> p -> p.withResponses(n))),
                new PolicyWord("maxFlows", "UDP flows of the service port at a time on this node.",
                        "a whole number from 1 to 1000000, or off", p -> numberOrOff(p.maxFlows()),
                        text -> numberOrOff(text, n -> p -> p.withMaxFlows(n))),
                new PolicyWord("proxyProtocol",
                        "Tell TCP endpoints the client's address by a PROXY protocol header.", "v1, v2 or off",
                        p -> p.clientAddress().announced().toString(), ClientAddressWords::announced),
                new PolicyWord("acceptProxyProtocolFrom",
                        "Load balancers whose TCP connections begin with a PROXY protocol header, which says who the"
                                + " client is.",
                        "CIDRs with commas between, or off", ClientAddressWords::showTrusted,
                        ClientAddressWords::trusted),
                new PolicyWord("transparent",
                        "Let endpoints see the client's address as that of their peer: those of this node, or all.",
                        "local, all or off", p -> p.clientAddress().transparency().toString(),
                        ClientAddressWords::transparency));
    }

    /** In the order of the documentation. */
    public List<PolicyWord> all() {
        return words;
    }

    public Optional<PolicyWord> byKey(String key) {
        return words.stream().filter(word -> word.key().equals(key)).findFirst();
    }

    public Optional<PolicyWord> byAnnotation(String annotation) {
        return words.stream().filter(word -> word.annotation().equals(annotation)).findFirst();
    }

    private Parsed balancer(String text) {
        Matcher form = BALANCER.matcher(text);
        if (!form.matches()) {
            return new Parsed.Wrong("\"" + text + "\" is not a balancer (expected: " + expected("balancer") + ")");
        }
        String name = form.group(1);
        if (!balancers.names().contains(name)) {
            return new Parsed.Wrong("unknown balancer \"" + name + "\" (expected: " + expected("balancer") + ")"
                    + Suggestion.nearest(name, balancers.names()).map(s -> " - did you mean \"" + s + "\"?")
                            .orElse(""));
        }
        Map<String, String> parameters = new TreeMap<>();
        String list = form.group(2);
        if (list != null && !list.isBlank()) {
            for (String parameter : list.split(",", -1)) {
                int equals = parameter.indexOf('=');
                if (equals < 1) {
                    return new Parsed.Wrong("\"" + parameter.strip() + "\" is not a parameter (expected: name=value)");
                }
                parameters.put(parameter.substring(0, equals).strip(), parameter.substring(equals + 1).strip());
            }
        }
        BalancerChoice choice = new BalancerChoice(name, parameters);
        return balancers.problem(choice).<Parsed>map(Parsed.Wrong::new)
                .orElseGet(() -> new Parsed.Change(p -> p.withBalancer(choice)));
    }

    private String expected(String key) {
        return byKey(key).map(PolicyWord::expected).orElseThrow();
    }

    private static String showKeepAlive(ServicePolicy policy) {
        return switch (policy.keepAlive()) {
            case KeepAlive.Off() -> "off";
            case KeepAlive.On(Duration idle) -> DurationText.format(idle);
        };
    }

    private static Parsed keepAlive(String text) {
        if (text.equals("off")) {
            return new Parsed.Change(p -> p.withKeepAlive(KeepAlive.OFF));
        }
        Optional<Duration> idle = DurationText.parse(text)
                .filter(d -> d.toMillisPart() == 0 && d.toSeconds() >= 1
                        && d.compareTo(Duration.ofSeconds(32767)) <= 0);
        if (idle.isEmpty()) {
            return new Parsed.Wrong(
                    "\"" + text
                            + "\" is no keepalive time (expected: whole seconds from 1s to 32767s such as 60s, or off)");
        }
        return new Parsed.Change(p -> p.withKeepAlive(new KeepAlive.On(idle.orElseThrow())));
    }

    private static Parsed duration(String text, Function<Duration, UnaryOperator<ServicePolicy>> change) {
        Optional<Duration> duration = DurationText.parse(text);
        if (duration.isEmpty()) {
            String hint = text.matches("\\d+") ? " - did you mean \"" + text + "s\"?" : "";
            return new Parsed.Wrong("\"" + text + "\" is not a duration (expected: such as 2s, 500ms or 1m)" + hint);
        }
        if (duration.get().isZero() || duration.get().compareTo(LONGEST) > 0) {
            return new Parsed.Wrong("\"" + text + "\" is out of range (expected: more than 0s, at most 24h)");
        }
        return new Parsed.Change(change.apply(duration.get()));
    }

    private static String numberOrOff(Optional<Integer> number) {
        return number.map(Object::toString).orElse("off");
    }

    private static Parsed numberOrOff(String text, Function<Optional<Integer>, UnaryOperator<ServicePolicy>> change) {
        return text.equals("off")
                ? new Parsed.Change(change.apply(Optional.empty()))
                : number(text, 1, 1_000_000, n -> change.apply(Optional.of(n)));
    }

    private static Parsed number(String text, int least, int most,
            Function<Integer, UnaryOperator<ServicePolicy>> change) {
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            return new Parsed.Wrong("\"" + text + "\" is out of range (expected: a whole number from " + least + " to "
                    + most + ")");
        }
        return new Parsed.Change(change.apply(Integer.parseInt(text)));
    }
}
