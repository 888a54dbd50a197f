package org.negvol;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the operator is told in {@code operations.md} and {@code metrics.md}. */
public final class OperationsDocument {

    private static final Path OPERATIONS = Path.of("src/main/doc/operations.md");
    private static final Path METRICS = Path.of("src/main/doc/metrics.md");
    private static final Pattern METRIC =
            Pattern.compile("\\| `(negvol_\\w+)` \\| (gauge|counter|timer)[^|]* \\|([^|]*)\\|.*");
    private static final Pattern ALERT = Pattern.compile("\\| `(Negvol\\w+)` \\|.*");
    private static final Pattern LABEL = Pattern.compile("`([a-z_0-9]+)`");

    /**
     * A metric.
     *
     * @param kind gauge, counter or timer
     * @param labels the names of its labels
     */
    public record Metric(String kind, List<String> labels) {}

    private OperationsDocument() {}

    /** The metrics by their Prometheus names; a timer without {@code _count} and so on. */
    public static Map<String, Metric> metrics() throws IOException {
        Map<String, Metric> metrics = new TreeMap<>();
        for (String line : Files.readAllLines(METRICS)) {
            Matcher row = METRIC.matcher(line);
            if (row.matches()) {
                // Labels come before a colon, their values behind it, others after a semicolon.
                List<String> labels =
                        Arrays.stream(row.group(3).split(";"))
                                .flatMap(part -> LABEL.matcher(part.split(":", 2)[0]).results())
                                .map(r -> r.group(1))
                                .sorted()
                                .toList();
                metrics.put(row.group(1), new Metric(row.group(2), labels));
            }
        }
        return metrics;
    }

    /** The alerts that are explained. */
    public static List<String> alerts() throws IOException {
        return Files.readAllLines(OPERATIONS).stream()
                .map(ALERT::matcher)
                .filter(Matcher::matches)
                .map(m -> m.group(1))
                .sorted()
                .toList();
    }

    /** The name of a sample's metric as the table writes it. */
    public static String base(String sample) {
        return sample.replaceFirst("_(count|sum|max)$", "");
    }

    /** The label names of a selector, as in <code>a="b",c=~"d"</code>. */
    public static List<String> labels(String selector) {
        return Arrays.stream(selector.split(","))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .map(s -> s.replaceFirst("(=~|!=|!~|=).*", ""))
                .toList();
    }
}
