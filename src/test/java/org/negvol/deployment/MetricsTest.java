package org.negvol.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.negvol.OperationsDocument;
import org.negvol.OperationsDocument.Metric;

/** Code, document, alerts and dashboard speak of the same metrics. */
class MetricsTest {

    /** Metrics of others: Prometheus itself, the kubelet, Micrometer's binders. */
    private static final String FOREIGN =
            "up|kubelet_volume_stats_(available|capacity)_bytes|jvm_memory_(used|max)_bytes"
                    + "|(process|system)_cpu_usage|agroal_\\w+";

    private static final Pattern SAMPLE = Pattern.compile("\\b([a-z]\\w*)\\{([^}]*)}");

    /** Where the code makes a metric: the kind, its name, and what follows until the call's end. */
    private static final Pattern MADE =
            Pattern.compile(
                    "(metrics\\s*\\.(gauge|counter|timer)|(Gauge|MultiGauge|Counter)\\.builder)"
                            + "\\(\\s*\"(negvol\\.[a-z.]+)\"([^;]*);");

    @Test
    void theDocumentListsEveryMetricOfTheCodeAndNoOther() throws IOException {
        Map<String, String> made = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                Matcher m = MADE.matcher(Files.readString(file));
                while (m.find()) {
                    String kind = m.group(2) == null ? m.group(3) : m.group(2);
                    kind =
                            kind.equals("MultiGauge")
                                    ? "gauge"
                                    : kind.toLowerCase(java.util.Locale.ROOT);
                    Matcher unit = Pattern.compile("baseUnit\\(\"(\\w+)\"\\)").matcher(m.group(5));
                    String name = m.group(4).replace('.', '_');
                    if (unit.find()) {
                        name += "_" + unit.group(1);
                    }
                    made.put(
                            switch (kind) {
                                case "counter" -> name + "_total";
                                case "timer" -> name + "_seconds";
                                default -> name;
                            },
                            kind);
                }
            }
        }
        Map<String, String> told = new TreeMap<>();
        OperationsDocument.metrics().forEach((name, metric) -> told.put(name, metric.kind()));
        assertThat(told).isEqualTo(made).hasSizeGreaterThan(10);
    }

    @Test
    void alertsAndDashboardAskForMetricsThatThereAre() throws IOException {
        Map<String, Metric> metrics = OperationsDocument.metrics();
        List<String> expressions = new ArrayList<>();
        for (Rule rule : rules()) {
            expressions.add(rule.getExpr().getStrVal());
        }
        JsonNode dashboard =
                Chart.YAML.readTree(
                        Files.readString(Chart.FOLDER.resolve("dashboards/negvol.json")));
        for (JsonNode expr : dashboard.findValues("expr")) {
            expressions.add(expr.asText());
        }
        assertThat(expressions).hasSizeGreaterThan(20);
        for (String expression : expressions) {
            Matcher sample = SAMPLE.matcher(expression);
            int samples = 0;
            while (sample.find()) {
                samples++;
                if (sample.group(1).matches(FOREIGN)) {
                    continue;
                }
                Metric metric = metrics.get(OperationsDocument.base(sample.group(1)));
                assertThat(metric).as("%s in %s", sample.group(1), expression).isNotNull();
                assertThat(metric.labels())
                        .as(expression)
                        .containsAll(
                                OperationsDocument.labels(sample.group(2)).stream()
                                        .filter(l -> !l.equals("namespace") && !l.equals("job"))
                                        .toList());
            }
            assertThat(samples).as(expression).isPositive();
        }
    }

    @Test
    void theDocumentSaysWhatToDoForEveryAlert() throws IOException {
        assertThat(OperationsDocument.alerts())
                .containsExactlyElementsOf(rules().stream().map(Rule::getAlert).sorted().toList());
    }

    private static List<Rule> rules() {
        return Chart.rendered(Chart.values("hospital"))
                .the(PrometheusRule.class)
                .getSpec()
                .getGroups()
                .getFirst()
                .getRules();
    }
}
