package org.negvol.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The configuration keys of Quarkus, as the extensions on the class path describe them. */
final class QuarkusKeys {

    /** When a key's value counts. */
    enum Phase {
        BUILD,
        RUN
    }

    private static final String MODEL = "META-INF/quarkus-config-doc/quarkus-config-model.json";
    private static final Map<String, Phase> BY_PATTERN = new HashMap<>();
    private static final Map<String, String> DEFAULTS = new HashMap<>();

    static {
        try {
            ObjectMapper json = new ObjectMapper();
            ClassLoader loader = QuarkusKeys.class.getClassLoader();
            for (URL model : Collections.list(loader.getResources(MODEL))) {
                try (InputStream in = model.openStream()) {
                    for (JsonNode root : json.readTree(in).path("configRoots")) {
                        read(root);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private QuarkusKeys() {}

    private static void read(JsonNode section) {
        for (JsonNode item : section.path("items")) {
            String key = item.path("path").path("property").asText("");
            if (!key.isEmpty() && !item.has("items")) {
                // A quoted part stands for any name.
                String pattern =
                        key.replace(".", "\\.").replaceAll("\"[^\"]*\"", "(\"[^\"]+\"|[^.\"]+)");
                Phase phase =
                        item.path("phase").asText().equals("RUN_TIME") ? Phase.RUN : Phase.BUILD;
                BY_PATTERN.put(pattern, phase);
                DEFAULTS.put(key, item.path("defaultValue").asText(""));
            }
            read(item);
        }
    }

    /** When the key counts; empty if there is none of that name. */
    static Optional<Phase> phase(String key) {
        return BY_PATTERN.entrySet().stream()
                .filter(e -> key.matches(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The default of a key. */
    static String standard(String key) {
        return DEFAULTS.get(key);
    }
}
