package dev.fairlead.source;

import dev.fairlead.model.ServicePolicy;
import dev.fairlead.source.PolicyWord.Parsed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The policy that a Service's annotations make of the defaults. */
final class PolicyTranslation {
    private final PolicyWords words;

    PolicyTranslation(PolicyWords words) {
        this.words = words;
    }

    /** What cannot be understood is noted and leaves the default. */
    ServicePolicy policy(ServiceObject service, ServicePolicy defaults, Notes notes) {
        ServicePolicy policy = defaults;
        for (Map.Entry<String, String> annotation : new TreeMap<>(service.annotations()).entrySet()) {
            String key = annotation.getKey();
            if (!key.startsWith(PolicyWord.ANNOTATION_PREFIX)) {
                continue;
            }
            Optional<PolicyWord> word = words.byAnnotation(key);
            if (word.isEmpty()) {
                notes.add(service.name() + ": unknown annotation " + key + " is ignored" + suggestion(key));
                continue;
            }
            switch (word.get().parse(annotation.getValue())) {
                case Parsed.Change(var change) -> policy = change.apply(policy);
                case Parsed.Wrong(String problem) ->
                    notes.add(service.name() + ": annotation " + key + " is ignored: " + problem);
            }
        }
        return policy;
    }

    private String suggestion(String key) {
        List<String> known = words.all().stream().map(PolicyWord::annotation)
                .map(a -> a.substring(PolicyWord.ANNOTATION_PREFIX.length())).toList();
        return Suggestion.nearest(key.substring(PolicyWord.ANNOTATION_PREFIX.length()), known)
                .map(near -> " - did you mean " + PolicyWord.ANNOTATION_PREFIX + near + "?")
                .orElse(" (expected: " + PolicyWord.ANNOTATION_PREFIX + "* with one of " + String.join(", ", known)
                        + ")");
    }
}
