package org.negvol.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document's tables against the configuration's code. */
class ConfigurationDocumentTest {

    private static final Path DOCUMENT = Path.of("src/main/doc/configuration.md");
    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-zA-Z0-9.-]+)` \\| (none|`([^`]*)`[^|]*) \\| (.+) \\|$");
    private static final String NONE = "none";

    /** Key to default, of the rows whose key begins so. */
    private static Map<String, String> documented(String prefix) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher row = ROW.matcher(line);
            if (row.matches() && row.group(1).startsWith(prefix)) {
                String before = rows.put(row.group(1), row.group(3) == null ? NONE : row.group(3));
                assertThat(before).as("%s twice", row.group(1)).isNull();
            }
        }
        return rows;
    }

    private static Map<String, String> coded(Class<?> group, String prefix) {
        Map<String, String> keys = new TreeMap<>();
        for (Method method : group.getDeclaredMethods()) {
            WithName name = method.getAnnotation(WithName.class);
            String key = prefix + "." + (name == null ? method.getName() : name.value());
            if (Map.class.isAssignableFrom(method.getReturnType())) {
                keys.put(key + ".NAME", NONE);
            } else if (method.getReturnType().getName().startsWith(NegvolConfig.class.getName())) {
                keys.putAll(coded(method.getReturnType(), key));
            } else {
                WithDefault value = method.getAnnotation(WithDefault.class);
                keys.put(key, value == null ? NONE : value.value());
            }
        }
        return keys;
    }

    @Test
    void everyKeyIsDocumentedOnceWithItsDefault() throws IOException {
        assertThat(documented("negvol.")).isEqualTo(coded(NegvolConfig.class, "negvol"));
    }

    @Test
    void defaultsOfQuarkusKeysAreThoseOfTheApplication() throws IOException {
        Properties application = new Properties();
        try (var in = getClass().getResourceAsStream("/application.properties")) {
            application.load(in);
        }
        for (var row : documented("quarkus.").entrySet()) {
            String set = application.getProperty(row.getKey());
            if (set != null) {
                assertThat(set).as(row.getKey()).startsWith(row.getValue());
            }
        }
        assertThat(documented("quarkus.")).containsKeys("quarkus.http.host", "quarkus.http.port");
    }

    @Test
    void exampleIsAccepted() throws IOException {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("```")) {
                inside = line.equals("```properties");
            } else if (inside) {
                lines.add(line);
            }
        }
        Properties example = new Properties();
        example.load(new StringReader(String.join("\n", lines)));
        assertThat(example).isNotEmpty();
        Map<String, String> configuration = new TreeMap<>();
        example.forEach((key, value) -> configuration.put((String) key, (String) value));
        Settings settings = SettingsTest.settings(configuration);
        assertThat(settings.destinations()).hasSize(1);
        assertThat(settings.callers()).hasSize(1);
    }
}
