package dev.fairlead.app;

import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.config.ProxyConfig.Logging;
import dev.fairlead.source.KnownBalancers;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the command line says over the files' settings. */
final class Overrides {
    private final Map<Setting, String> values = new EnumMap<>(Setting.class);

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

    /** Has the values read as a configuration's are. */
    Judged judge(KnownBalancers balancers) {
        if (values.isEmpty()) {
            return new Judged.Fine(settings -> settings);
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
        return new ProxyConfig(logging, from(Setting.ADMIN, settings, said).admin(),
                from(Setting.NODE, settings, said).nodeName(), settings.nodeAddresses(), settings.nodePortAddresses(),
                settings.serviceProxyName(),
                settings.defaults().withBalancer(from(Setting.BALANCER, settings, said).defaults().balancer()),
                settings.drain(), from(Setting.DATA_PATH, settings, said).dataPath(),
                settings.eventLoops());
    }

    private ProxyConfig from(Setting setting, ProxyConfig settings, ProxyConfig said) {
        return values.containsKey(setting) ? said : settings;
    }
}
