package dev.fairlead.config;

import dev.fairlead.config.Form.Choice;
import dev.fairlead.config.Form.Group;
import dev.fairlead.config.Form.Many;
import dev.fairlead.config.Form.Meaning;
import dev.fairlead.config.Form.Text;
import dev.fairlead.config.Form.Word;
import dev.fairlead.config.ProxyConfig.AccessLog;
import dev.fairlead.config.ProxyConfig.Admin;
import dev.fairlead.config.ProxyConfig.DataPathChoice;
import dev.fairlead.config.ProxyConfig.Drain;
import dev.fairlead.config.ProxyConfig.Format;
import dev.fairlead.config.ProxyConfig.Level;
import dev.fairlead.config.ProxyConfig.Logging;
import dev.fairlead.config.ProxyConfig.OneDoor;
import dev.fairlead.config.ProxyConfig.PrivilegeChoice;
import dev.fairlead.model.IpPort;
import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.DurationText;
import dev.fairlead.source.PolicyWords;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Every key of our own kind: the one table behind the reader and the schema for editors. */
final class ProxyConfigurationForm {
    static final String API_VERSION = "fairlead.dev/v1alpha1";
    static final String KIND = "ProxyConfiguration";

    /** A ProxyConfiguration as read. */
    record Found(ProxyConfig settings, List<ShortService> services) {
    }

    private static final ProxyConfig DEFAULTS = ProxyConfig.DEFAULTS;
    private static final Duration LONGEST_DRAIN = Duration.ofHours(24);
    private static final String OFF = "off";
    private static final String AUTO = "auto";
    private static final int MOST_LOOPS = 256;
    private static final String ACCESS_LOG_EXPECTED = "stdout, off or a path such as /var/log/fairlead/access.log";

    private static final Key<Level> LEVEL = Key.optional("level", "The least severe event that is logged.",
            Choice.ofLowerCase("level", List.of(Level.values())), DEFAULTS.logging().level(),
            Choice.lowerCase(DEFAULTS.logging().level()));
    private static final Key<Format> FORMAT = Key.optional("format", "Lines for people, or JSON for machines.",
            Choice.ofLowerCase("format", List.of(Format.values())), DEFAULTS.logging().format(),
            Choice.lowerCase(DEFAULTS.logging().format()));
    private static final Key<AccessLog> ACCESS_LOG = Key.optional("accessLog",
            "Where the one line per connection goes: stdout, off or the path of a file.",
            new Text<>(ACCESS_LOG_EXPECTED, List.of("stdout", OFF, "/var/log/fairlead/access.log"),
                    ProxyConfigurationForm::accessLog),
            DEFAULTS.logging().accessLog(), show(DEFAULTS.logging().accessLog()));
    private static final Group<Logging> LOGGING_FORM = Group.of(List.of(LEVEL, FORMAT, ACCESS_LOG),
            section -> new Logging(section.value(LEVEL), section.value(FORMAT), section.value(ACCESS_LOG)));
    private static final Key<Optional<Logging>> LOGGING = Key.absent("logging", "What is logged, and how.",
            LOGGING_FORM);

    private static final Key<Duration> GRACE = Key.optional("grace",
            "After SIGTERM: how long new connections are still accepted while not ready.", drainTime(),
            DEFAULTS.drain().grace(), DurationText.format(DEFAULTS.drain().grace()));
    private static final Key<Duration> DEADLINE = Key.optional("deadline",
            "Then: how long connections may end by themselves before they are reset.", drainTime(),
            DEFAULTS.drain().deadline(), DurationText.format(DEFAULTS.drain().deadline()));
    private static final Key<Optional<Drain>> DRAIN = Key.absent("drain", "How the proxy stops.",
            Group.of(List.of(GRACE, DEADLINE), section -> new Drain(section.value(GRACE), section.value(DEADLINE))));

    private static final Key<Admin> ADMIN = Key.optional("admin",
            "Where health checks, metrics and status are served, or off; port 0 is any free one.",
            new Text<>("an address and a port such as 127.0.0.1:10349, or off",
                    List.of(show(DEFAULTS.admin()), OFF), ProxyConfigurationForm::admin),
            DEFAULTS.admin(), show(DEFAULTS.admin()));
    private static final Key<Optional<Admin>> HEALTHZ = Key.absent("healthzBindAddress",
            "Where kube-proxy's /healthz and /livez are answered, or off; no default: 0.0.0.0:10256 where a cluster is"
                    + " followed.",
            new Text<>("an address and a port such as 0.0.0.0:10256, or off", List.of("0.0.0.0:10256", OFF),
                    ProxyConfigurationForm::admin));
    private static final Key<Optional<Admin>> METRICS = Key.absent("metricsBindAddress",
            "Where kube-proxy's /metrics, /proxyMode and /configz are served, or off; no default: 127.0.0.1:10249 where"
                    + " a cluster is followed.",
            new Text<>("an address and a port such as 127.0.0.1:10249, or off", List.of("127.0.0.1:10249", OFF),
                    ProxyConfigurationForm::admin));
    private static final Key<DataPathChoice> DATA_PATH = Key.optional("dataPath",
            "Which implementation moves the bytes; auto takes the best that works here.",
            Choice.ofLowerCase("data path", List.of(DataPathChoice.values())), DEFAULTS.dataPath(),
            Choice.lowerCase(DEFAULTS.dataPath()));
    private static final Key<Optional<Integer>> EVENT_LOOPS = Key.optional("eventLoops",
            "How many threads move bytes: auto is one for every two processors.",
            new Word<>("auto or a whole number from 1 to " + MOST_LOOPS, List.of(AUTO, "2"),
                    ProxyConfigurationForm::eventLoops),
            DEFAULTS.eventLoops(), AUTO);
    private static final Key<Optional<Path>> HANDOVER = Key.absent("handover",
            "A Unix socket at which a new process takes sockets and UDP flows over from the running one.",
            new Text<>("an absolute path such as /run/fairlead/handover.sock", List.of("/run/fairlead/handover.sock"),
                    ProxyConfigurationForm::socket));
    private static final Key<OneDoor> ONE_DOOR = Key.optional("oneDoor",
            "Whether all TCP addresses share a few listening sockets, to which the kernel leads their clients; auto is"
                    + " where a cluster is followed and the kernel allows it.",
            Choice.ofLowerCase("word for the one door", List.of(OneDoor.values())), DEFAULTS.oneDoor(),
            Choice.lowerCase(DEFAULTS.oneDoor()));
    private static final Key<PrivilegeChoice> PRIVILEGES = Key.optional("privileges",
            "Which capabilities the process keeps of those that it is started with: those that are needed, or none.",
            Choice.ofLowerCase("word for privileges", List.of(PrivilegeChoice.values())), DEFAULTS.privileges(),
            Choice.lowerCase(DEFAULTS.privileges()));
    private static final Key<String> API_VERSION_KEY = Key.required("apiVersion", "The version of this kind.",
            new Choice<>("version", Map.of(API_VERSION, API_VERSION)));
    private static final Key<String> KIND_KEY = Key.required("kind", "The kind of this document.",
            new Choice<>("kind", Map.of(KIND, KIND)));

    private final Key<Optional<ServicePolicy>> defaults;
    private final Key<List<ShortService>> services;
    private final Group<Found> form;

    ProxyConfigurationForm(PolicyWords words) {
        PolicyKeys policies = PolicyKeys.ofDefaults(words);
        defaults = Key.absent("defaults",
                "How connections are made and kept, where a service does not say otherwise.",
                Group.of(policies.keys(), policies::policy));
        services = Key.optional("services", "Services in short form.",
                new Many<>(new ShortServiceForm(PolicyKeys.ofService(words)).form()), List.of(), List.of());
        List<Key<?>> keys = new ArrayList<>(List.of(API_VERSION_KEY, KIND_KEY, LOGGING, ADMIN));
        keys.addAll(NodeForm.keys());
        keys.addAll(AddressesForm.keys());
        keys.addAll(List.of(KubernetesForm.KEY, HEALTHZ, METRICS, defaults, DRAIN, DATA_PATH, EVENT_LOOPS, HANDOVER,
                ONE_DOOR, PRIVILEGES, services));
        form = Group.of(keys, this::make);
    }

    Group<Found> form() {
        return form;
    }

    private Found make(Section section) {
        section.required(API_VERSION_KEY);
        section.required(KIND_KEY);
        ProxyConfig settings = new ProxyConfig(section.value(LOGGING).orElse(DEFAULTS.logging()), section.value(ADMIN),
                NodeForm.settings(section, section.value(defaults).orElse(DEFAULTS.services().defaults())),
                section.value(KubernetesForm.KEY), section.value(HEALTHZ), section.value(METRICS),
                section.value(DRAIN).orElse(DEFAULTS.drain()), section.value(DATA_PATH),
                AddressesForm.addresses(section), section.value(EVENT_LOOPS), section.value(HANDOVER),
                section.value(ONE_DOOR), section.value(PRIVILEGES));
        return new Found(settings, section.value(services));
    }

    private static String show(AccessLog log) {
        return switch (log) {
            case AccessLog.StandardOutput() -> "stdout";
            case AccessLog.Off() -> OFF;
            case AccessLog.File(Path path) -> path.toString();
        };
    }

    private static String show(Admin admin) {
        return switch (admin) {
            case Admin.On(IpPort address) -> address.toString();
            case Admin.Off() -> OFF;
        };
    }

    private static Meaning<AccessLog> accessLog(String text) {
        if (text.equals("stdout")) {
            return new Meaning.Value<>(new AccessLog.StandardOutput());
        } else if (text.equals(OFF)) {
            return new Meaning.Value<>(new AccessLog.Off());
        }
        try {
            // Without this a mistyped word would become a file of that name.
            if (text.indexOf('/') >= 0) {
                return new Meaning.Value<>(new AccessLog.File(Path.of(text)));
            }
        } catch (InvalidPathException e) {
            return new Meaning.Wrong<>(Words.quote(text) + " is not a path: " + e.getReason() + " (expected: "
                    + ACCESS_LOG_EXPECTED + ")");
        }
        return new Meaning.Wrong<>(Words.quote(text) + " is not a path (expected: " + ACCESS_LOG_EXPECTED + ")"
                + Words.didYouMean(text, List.of("stdout", OFF)));
    }

    private static Meaning<Path> socket(String text) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute() && path.getFileName() != null) {
                return new Meaning.Value<>(path);
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        return new Meaning.Wrong<>(Words.quote(text)
                + " is not an absolute path (expected: a path such as /run/fairlead/handover.sock)");
    }

    private static Meaning<Admin> admin(String text) {
        if (text.equals(OFF)) {
            return new Meaning.Value<>(new Admin.Off());
        }
        return switch (AddressText.parseAnyPort(text)) {
            case Meaning.Value<IpPort>(IpPort address) -> new Meaning.Value<>(new Admin.On(address));
            case Meaning.Wrong<IpPort>(String problem) -> new Meaning.Wrong<>(problem);
        };
    }

    private static Meaning<Optional<Integer>> eventLoops(String text) {
        if (text.equals(AUTO)) {
            return new Meaning.Value<>(Optional.empty());
        }
        return Numbers.integer(text).filter(count -> count >= 1 && count <= MOST_LOOPS)
                .<Meaning<Optional<Integer>>>map(count -> new Meaning.Value<>(Optional.of(count)))
                .orElseGet(() -> new Meaning.Wrong<>(Words.quote(text) + " is not a number of event loops (expected: "
                        + "auto or a whole number from 1 to " + MOST_LOOPS + ")"
                        + Words.didYouMean(text, List.of(AUTO))));
    }

    private static Form<Duration> drainTime() {
        Function<String, Meaning<Duration>> parser = text -> DurationText.parse(text)
                .filter(d -> d.compareTo(LONGEST_DRAIN) <= 0).<Meaning<Duration>>map(Meaning.Value::new)
                .orElseGet(() -> new Meaning.Wrong<>(
                        Words.quote(text) + " is not a duration up to 24h (expected: such as 30s, 500ms or 0s)"
                                + (text.matches("\\d{1,4}") ? " - did you mean \"" + text + "s\"?" : "")));
        return new Text<>("a duration such as 30s", List.of("30s", "0s"), parser);
    }
}
