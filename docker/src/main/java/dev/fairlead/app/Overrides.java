package dev.fairlead.app;

import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.Kubernetes;
import dev.fairlead.config.ProxyConfig.Logging;
import dev.fairlead.config.ProxyConfig.PrivilegeChoice;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.TranslationSettings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the command line says over the files' settings. */
final class Overrides {
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);
    private boolean cluster;
    private boolean unprivileged;

    /** What became of it. */
    sealed interface Judged {
        /** It makes sense: how it changes what the files say. */
        record Fine(UnaryOperator<ProxyConfig> over) implements Judged {
        }

        /** It does not: every problem, one line each. */
        record Wrong(List<String> problems) implements Judged {
            public Wrong {
                problems = List.copyOf(problems);
            }
        }
    }

    Overrides with(Setting setting, Optional<String> value) {
        value.ifPresent(text -> values.put(setting, text));
        return this;
    }

    /** A cluster is followed whatever the files say. */
    Overrides followingACluster() {
        cluster = true;
        return this;
    }

    /** No privilege is used whatever the files say. */
    Overrides unprivileged() {
        unprivileged = true;
        return this;
    }

    /** Has the values read as a configuration's are. */
    Judged judge(KnownBalancers balancers) {
        if (values.isEmpty()) {
            return new Judged.Fine(settings -> over(settings, ProxyConfig.DEFAULTS));
        }
        ConfigurationText text = text();
        ConfigReading reading = new ConfigReader(balancers).read(List.of(text.text()));
        return reading.problems().isEmpty()
                ? new Judged.Fine(settings -> over(settings, reading.settings()))
                : new Judged.Wrong(reading.problems().stream().map(text::words).toList());
    }

    private ConfigurationText text() {
        ConfigurationText text = new ConfigurationText();
        String group = "";
        for (Map.Entry<Setting, String> said : values.entrySet()) {
            Setting setting = said.getKey();
            if (setting.group().isEmpty()) {
                text.say(setting.key(), said.getValue(), setting.option());
                continue;
            }
            if (!setting.group().equals(group)) {
                group = setting.group();
                text.group(group);
            }
            text.sayInGroup(group, setting.key(), said.getValue(), setting.option());
        }
        return text;
    }

    private ProxyConfig over(ProxyConfig settings, ProxyConfig said) {
        Logging logging = new Logging(from(Setting.LOG_LEVEL, settings, said).logging().level(),
                from(Setting.LOG_FORMAT, settings, said).logging().format(), settings.logging().accessLog());
        TranslationSettings services = settings.services();
        return new ProxyConfig(logging, from(Setting.ADMIN, settings, said).admin(),
                services.withNodeName(from(Setting.NODE, settings, said).services().nodeName())
                        .withDefaults(services.defaults().withBalancer(
                                from(Setting.BALANCER, settings, said).services().defaults().balancer())),
                kubernetes(settings, said), settings.healthz(), settings.metrics(), settings.drain(),
                from(Setting.DATA_PATH, settings, said).dataPath(), settings.addresses(), settings.eventLoops(),
                from(Setting.HANDOVER, settings, said).handover(), settings.oneDoor(),
                unprivileged ? PrivilegeChoice.NONE : settings.privileges());
    }

    private Optional<Kubernetes> kubernetes(ProxyConfig settings, ProxyConfig said) {
        Optional<Kubernetes> known = settings.kubernetes().or(() -> cluster
                ? Optional.of(Kubernetes.DEFAULTS)
                : Optional.empty());
        return values.containsKey(Setting.KUBECONFIG)
                ? Optional.of(known.orElse(Kubernetes.DEFAULTS)
                        .withKubeconfig(said.kubernetes().flatMap(Kubernetes::kubeconfig)))
                : known;
    }

    private ProxyConfig from(Setting setting, ProxyConfig settings, ProxyConfig said) {
        return values.containsKey(setting) ? said : settings;
    }
}
