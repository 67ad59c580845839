package dev.fairlead.app;

import dev.fairlead.config.ConfigProblem;
import dev.fairlead.config.ConfigReader;
import dev.fairlead.config.ConfigReading;
import dev.fairlead.config.ProxyConfig;
import dev.fairlead.model.ServiceSnapshot;
import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.LocalAddresses;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.ServiceTranslator;
import dev.fairlead.source.SnapshotReader;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Texts to settings and a snapshot: the one way in, for every command and for every reload. Immutable. */
final class SnapshotLoader implements SnapshotReader {
    private final ConfigReader reader;
    private final ServiceTranslator translator;
    private final UnaryOperator<ProxyConfig> overrides;
    private final LocalAddresses interfaces;

    /** For files that may be about another machine. */
    SnapshotLoader(KnownBalancers balancers, UnaryOperator<ProxyConfig> overrides) {
        this(balancers, overrides, LocalAddresses.UNKNOWN);
    }

    /**
     * @param overrides what the command line says over the texts' settings
     * @param interfaces on which NodePorts are served
     */
    SnapshotLoader(KnownBalancers balancers, UnaryOperator<ProxyConfig> overrides, LocalAddresses interfaces) {
        this.interfaces = interfaces;
        this.reader = new ConfigReader(balancers);
        this.translator = new ServiceTranslator(new PolicyWords(balancers));
        this.overrides = overrides;
    }

    /** What came of it. */
    sealed interface Load {
        /** Understood. */
        record Loaded(ProxyConfig settings, ServiceSnapshot snapshot) implements Load {
        }

        /** Not understood: every problem, one line each, never empty. */
        record Wrong(List<String> problems) implements Load {
            public Wrong {
                problems = List.copyOf(problems);
            }
        }
    }

    Load load(List<Text> texts) {
        ConfigReading reading = reader.read(texts);
        if (!reading.problems().isEmpty()) {
            return new Load.Wrong(reading.problems().stream().map(ConfigProblem::toString).toList());
        }
        ProxyConfig settings = overrides.apply(reading.settings());
        ServiceSnapshot made = translator.translate(reading.objects(), settings.services(), interfaces.now());
        return new Load.Loaded(settings, made.withNotes(
                Stream.concat(reading.notes().stream(), made.notes().stream()).toList()));
    }

    /** The same for what needs to be read beside the files. */
    Load load(Inputs inputs) {
        Inputs.Contents contents = inputs.read();
        return contents.problems().isEmpty() ? load(contents.texts()) : new Load.Wrong(contents.problems());
    }

    @Override
    public Reading read(List<Text> texts) {
        return switch (load(texts)) {
            case Load.Loaded(_, ServiceSnapshot snapshot) -> new Reading.Read(snapshot);
            case Load.Wrong(List<String> problems) -> new Reading.Rejected(problems);
        };
    }
}
