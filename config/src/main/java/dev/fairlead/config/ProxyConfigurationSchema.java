package dev.fairlead.config;

import java.util.LinkedHashMap;
import java.util.Map;

/** The schema of our own kind for editors. */
final class ProxyConfigurationSchema {
    private ProxyConfigurationSchema() {
    }

    /** JSON Schema draft 7, which editors know best. */
    static String json(Form<?> form) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", ProxyConfigurationForm.KIND);
        schema.put("description", "How Fairlead runs, and services in short form.");
        schema.putAll(form.schema());
        return JsonText.of(schema);
    }
}
