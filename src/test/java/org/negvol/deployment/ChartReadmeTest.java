package org.negvol.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The chart's README lists every value with its default and what the comment above it says. */
class ChartReadmeTest {

    private static final Pattern KEY = Pattern.compile("( *)([A-Za-z_][\\w.-]*):(.*)");

    private record Value(String path, String meaning, JsonNode standard) {}

    @Test
    void theReadmeIsMadeOfTheValues() throws IOException {
        StringBuilder table = new StringBuilder();
        for (Value value : values()) {
            table.append(
                    "| `%s` | `%s` | %s |\n".formatted(value.path, value.standard, value.meaning));
        }
        String head = Files.readString(Chart.FOLDER.resolve("README.md"));
        String start = "| Value | Default | Meaning |\n|---|---|---|\n";
        int at = head.indexOf(start);
        assertThat(at).as("the README has a table of values").isPositive();
        Golden.check(
                Chart.FOLDER.resolve("README.md"), head.substring(0, at + start.length()) + table);
    }

    @Test
    void everyValueSaysWhatItIs() throws IOException {
        for (Value value : values()) {
            assertThat(value.meaning).as(value.path).hasSizeGreaterThan(10).endsWith(".");
        }
    }

    @Test
    void everyValueHasARuleInTheSchema() throws IOException {
        JsonNode schema =
                Chart.YAML.readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")));
        for (Value value : values()) {
            JsonNode rule = schema;
            for (String step : value.path.split("\\.")) {
                JsonNode reference = rule.path("$ref");
                if (!reference.isMissingNode()) {
                    rule = schema.at(reference.asText().substring(1));
                }
                rule = rule.path("properties").path(step);
            }
            assertThat(rule.isMissingNode()).as("schema of %s", value.path).isFalse();
            assertThat(rule).as("schema of %s", value.path).isNotEmpty();
        }
    }

    /** The leaves of values.yaml; a map with a comment of its own is a leaf. */
    private static List<Value> values() throws IOException {
        List<String> lines = Files.readAllLines(Chart.FOLDER.resolve("values.yaml"));
        JsonNode tree = Chart.YAML.readTree(String.join("\n", lines));
        List<Value> values = new ArrayList<>();
        Deque<String> path = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        for (String line : lines) {
            String stripped = line.strip();
            if (stripped.startsWith("#")) {
                comment.append(' ').append(stripped.substring(1).strip());
                continue;
            }
            Matcher key = KEY.matcher(line);
            if (!key.matches()) {
                comment.setLength(0);
                continue;
            }
            int depth = key.group(1).length() / 2;
            while (path.size() > depth) {
                path.removeLast();
            }
            path.addLast(key.group(2));
            String name = String.join(".", path);
            JsonNode standard = tree.at("/" + String.join("/", path));
            if (!comment.isEmpty() || !(standard instanceof ObjectNode)) {
                boolean within = values.stream().anyMatch(v -> name.startsWith(v.path + "."));
                if (!within) {
                    values.add(new Value(name, comment.toString().strip(), standard));
                }
            }
            comment.setLength(0);
        }
        return values;
    }
}
