package org.negvol.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document's tables against the configuration's code. */
class ConfigurationDocumentTest {

    private static final Path DOCUMENT = Path.of("src/main/doc/configuration.md");
    private static final String NONE = "none";

    /** The beginning of a default's cell: a value as code, or none. */
    private static final Pattern DEFAULT = Pattern.compile("none|`([^`]*)`.*");

    /** What the document calls the types of values. */
    private static final Map<Class<?>, String> TYPES =
            Map.of(
                    String.class, "text",
                    int.class, "number",
                    Integer.class, "number",
                    long.class, "number",
                    Long.class, "number",
                    boolean.class, "boolean",
                    Duration.class, "duration",
                    Path.class, "path",
                    URI.class, "URL",
                    List.class, "list");

    /** What stands in a row between key and meaning. */
    private record Value(String type, String byDefault) {}

    /** Cells of the rows whose key begins so, by key. */
    private static Map<String, List<String>> rows(String prefix) throws IOException {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            if (line.startsWith("| `" + prefix)) {
                String[] cells = line.substring(2, line.length() - 2).split(" \\| ");
                String key = cells[0].replace("`", "");
                assertThat(rows.put(key, List.of(cells))).as("%s twice", key).isNull();
            }
        }
        return rows;
    }

    private static String byDefault(String cell) {
        Matcher value = DEFAULT.matcher(cell);
        assertThat(value.matches()).as(cell).isTrue();
        return value.group(1) == null ? NONE : value.group(1);
    }

    private static Map<String, Value> coded(Class<?> group, String prefix) {
        Map<String, Value> keys = new TreeMap<>();
        for (Method method : group.getDeclaredMethods()) {
            WithName name = method.getAnnotation(WithName.class);
            String key = prefix + "." + (name == null ? method.getName() : name.value());
            Class<?> type = method.getReturnType();
            if (Map.class.isAssignableFrom(type)) {
                keys.put(key + ".NAME", new Value("text", NONE));
            } else if (type.getName().startsWith(NegvolConfig.class.getName())) {
                keys.putAll(coded(type, key));
            } else {
                WithDefault value = method.getAnnotation(WithDefault.class);
                keys.put(
                        key,
                        new Value(
                                TYPES.get(valueType(method.getGenericReturnType())),
                                value == null ? NONE : value.value()));
            }
        }
        return keys;
    }

    /** What an Optional may hold; a list's own type. */
    private static Class<?> valueType(Type type) {
        return switch (type) {
            case Class<?> c -> c;
            case ParameterizedType p when p.getRawType() == Optional.class ->
                    valueType(p.getActualTypeArguments()[0]);
            case ParameterizedType p -> (Class<?>) p.getRawType();
            default -> throw new AssertionError("a key of type " + type);
        };
    }

    @Test
    void everyKeyIsDocumentedOnceWithItsTypeAndDefault() throws IOException {
        Map<String, Value> documented = new TreeMap<>();
        rows("negvol.")
                .forEach(
                        (key, cells) ->
                                documented.put(
                                        key, new Value(cells.get(1), byDefault(cells.get(2)))));
        assertThat(documented).isEqualTo(coded(NegvolConfig.class, "negvol"));
    }

    @Test
    void defaultsOfQuarkusKeysAreThoseOfTheApplication() throws IOException {
        Properties application = new Properties();
        try (var in = getClass().getResourceAsStream("/application.properties")) {
            application.load(in);
        }
        for (var row : rows("quarkus.").entrySet()) {
            String set = application.getProperty(row.getKey());
            if (set != null) {
                assertThat(set).as(row.getKey()).startsWith(byDefault(row.getValue().get(1)));
            }
        }
        assertThat(rows("quarkus.")).containsKeys("quarkus.http.host", "quarkus.http.port");
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
