package dev.fairlead.config;

import dev.fairlead.source.KnownBalancers;
import dev.fairlead.source.PolicyWords;
import dev.fairlead.source.SnapshotReader.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads texts as one stream of Kubernetes objects and at most one ProxyConfiguration, YAML or JSON. Pure: the same
 * texts give the same reading; no text whatever makes it throw.
 */
public final class ConfigReader {
    private final PolicyWords words;

    public ConfigReader(KnownBalancers balancers) {
        this.words = new PolicyWords(balancers);
    }

    /** Everything the texts say, and everything that is wrong with them. */
    public ConfigReading read(List<Text> texts) {
        Problems problems = new Problems();
        List<String> notes = new ArrayList<>();
        ObjectStream stream = new ObjectStream(words, notes);
        for (int i = 0; i < texts.size(); i++) {
            Text text = texts.get(i);
            int before = problems.count();
            int documents = YamlText.documents(new Origin(i, text.name(), problems), text.content(), stream::document);
            if (documents == 0 && problems.count() == before) {
                notes.add(Words.oneLine(text.name()) + ": no object in it");
            }
        }
        ObjectStream.Result result = stream.finish();
        return new ConfigReading(result.settings(), result.objects(), problems.sorted(), notes);
    }

    /** The JSON Schema of ProxyConfiguration for editors, made of the same key descriptions that reading follows. */
    public String schema() {
        return ProxyConfigurationSchema.json(new ProxyConfigurationForm(words).form());
    }
}
