package org.negvol.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.negvol.config.Settings;

/**
 * Image, compose file, chart and application agree: every path, user, port, key and environment
 * variable that one of them names is what the others mean by it.
 */
class DeploymentFilesTest {

    private static final Path CONTAINERFILE = Path.of("deploy/Containerfile");

    /** One instruction of a Containerfile. */
    private record Instruction(int stage, String name, String arguments) {}

    @Test
    void everyQuarkusKeyIsOneAndCountsWhenItIsSet() throws IOException {
        Properties application = new Properties();
        try (var in =
                Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            application.load(in);
        }
        for (String key : application.stringPropertyNames()) {
            String bare = key.replaceFirst("^%[^.]+\\.", "");
            if (bare.startsWith("quarkus.package.")) {
                // Described in the build's own modules, which tests do not see.
                continue;
            }
            if (bare.startsWith("quarkus.")) {
                assertThat(QuarkusKeys.phase(bare)).as(bare).isPresent();
            }
        }
        for (String wish : List.of("defaults", "hospital", "unusual")) {
            Properties rendered = new Properties();
            rendered.load(new StringReader(Chart.rendered(Chart.values(wish)).properties()));
            for (String key : rendered.stringPropertyNames()) {
                if (key.startsWith("quarkus.")) {
                    assertThat(QuarkusKeys.phase(key)).as(key).hasValue(QuarkusKeys.Phase.RUN);
                }
            }
        }
    }

    @Test
    void noKeyIsSetTwice() throws IOException {
        // Quarkus warns of it at every start.
        assertThat(
                        Files.readAllLines(Path.of("src/main/resources/application.properties"))
                                .stream()
                                .filter(l -> l.contains("=") && !l.startsWith("#"))
                                .map(l -> l.substring(0, l.indexOf('='))))
                .doesNotHaveDuplicates();
    }

    @Test
    void theImageListensWhereTheApplicationDoes() throws IOException {
        Settings own = ApplicationKeys.settings("");
        assertThat(value("EXPOSE"))
                .isEqualTo(own.dimse().port() + " " + QuarkusKeys.standard("quarkus.http.port"));
    }

    @Test
    void environmentVariablesStandForKeysOfTheApplication() throws IOException {
        Settings image = ApplicationKeys.environment(imageVariables());
        assertThat(image.dataDir()).isEqualTo(Path.of("/var/lib/negvol"));
        knownToQuarkus(imageVariables().keySet());

        Map<String, String> compose = composeVariables("negvol");
        knownToQuarkus(compose.keySet());
        Settings settings = ApplicationKeys.environment(compose);
        assertThat(settings.callers())
                .extracting(c -> c.name() + "=" + c.aeTitle() + "@" + c.network())
                .containsExactly("scanner=CT@10.0.0.7");
        assertThat(settings.destinations())
                .extracting(d -> d.name() + "=" + d)
                .containsExactly("pacs=PACS@10.0.0.8:104");

        for (String wish : List.of("defaults", "hospital")) {
            List<String> names =
                    node(Chart.rendered(Chart.values(wish))).getEnv().stream()
                            .map(EnvVar::getName)
                            .toList();
            knownToQuarkus(names);
        }
    }

    @Test
    void dataLieOnAVolumeEverywhere() throws IOException {
        String data = imageVariables().get("NEGVOL_DATA_DIR");
        assertThat(value("VOLUME")).isEqualTo(data);
        assertThat(composeNode().path("volumes").get(0).asText()).isEqualTo("data:" + data);
        assertThat(mounts()).contains(data);
        assertThat(jib("environment-variables.NEGVOL_DATA_DIR")).isEqualTo(data);
    }

    @Test
    void configurationIsMountedWhereTheApplicationLooksForIt() throws IOException {
        // Quarkus reads config/application.properties in the folder it is started in.
        assertThat(mounts()).contains(value("WORKDIR") + "/config");
        assertThat(jib("working-directory")).isEqualTo(value("WORKDIR"));
    }

    @Test
    void oneUserWithoutPrivilegesOwnsAndRunsIt() throws IOException {
        PodSpec pod =
                Chart.rendered(Chart.values("defaults"))
                        .the(StatefulSet.class)
                        .getSpec()
                        .getTemplate()
                        .getSpec();
        String user =
                pod.getSecurityContext().getRunAsUser()
                        + ":"
                        + pod.getSecurityContext().getRunAsGroup();
        assertThat(value("USER")).isEqualTo(user);
        assertThat(composeNode().path("user").asText()).isEqualTo(user);
        assertThat(jib("user")).isEqualTo(user);
        assertThat(Files.readString(CONTAINERFILE))
                .contains("chown " + user + " /var/lib/negvol", "negvol:x:" + user + ":");
        assertThat(composeNode().path("read_only").asBoolean()).isTrue();
        assertThat(composeNode().path("cap_drop").get(0).asText()).isEqualTo("ALL");
        assertThat(composeNode().path("tmpfs").get(0).asText()).isEqualTo("/tmp");
    }

    @Test
    void theEntryPointNamesFilesThatTheImageHas() throws IOException {
        JsonNode entryPoint = Chart.YAML.readTree(value("ENTRYPOINT"));
        List<String> copied = new ArrayList<>();
        for (Instruction i : instructions()) {
            if (i.name.equals("COPY") && i.arguments.startsWith("--from=")) {
                copied.add(i.arguments.replaceFirst("--from=\\S+ ", ""));
            }
        }
        assertThat(copied)
                .containsExactly(
                        // Where the build takes the page from (pom.xml).
                        "/page/ target/page/META-INF/resources/",
                        "/src/target/quarkus-app/ ./",
                        "/src/target/quarkus-run-cyclonedx.json ./",
                        "/native/ native/",
                        "/tmp/negvol.aot ./");
        assertThat(entryPoint)
                .extracting(JsonNode::asText)
                .containsExactly(
                        "java",
                        "-XX:AOTCache=/opt/negvol/negvol.aot",
                        "-Donnxruntime.native.path=/opt/negvol/native",
                        "-jar",
                        "/opt/negvol/quarkus-run.jar");
        // An AOT cache is good for the Java and the paths it was made with only.
        assertThat(instructions())
                .filteredOn(i -> i.name.equals("RUN") && i.arguments.contains("AOTCacheOutput"))
                .singleElement()
                .satisfies(
                        i ->
                                assertThat(i.arguments)
                                        .contains("-XX:AOTCacheOutput=/tmp/negvol.aot")
                                        .contains("-Donnxruntime.native.path=/opt/negvol/native"));
        assertThat(Files.readString(CONTAINERFILE))
                .contains("FROM base AS training")
                .contains("\nFROM base\n");
    }

    @Test
    void whatTheImageIsBuiltOfIsNotIgnored() throws IOException {
        List<String> ignored = Files.readAllLines(Path.of("deploy/Containerfile.dockerignore"));
        assertThat(ignored).doesNotContain("src", "pom.xml", "mvnw", ".mvn", ".*", "*");
        assertThat(Path.of("mvnw")).isExecutable();
        assertThat(Path.of("src/main/web/build.js")).exists();
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("${project.build.directory}/page/META-INF/resources</argument>")
                .contains("<id>external-database</id>", "<id>jib</id>");
    }

    @Test
    void composeReachesTheApplicationAndWaitsForItsEnd() throws IOException {
        Settings own = ApplicationKeys.settings("");
        assertThat(composeNode().path("ports"))
                .extracting(JsonNode::asText)
                .containsExactly("11112:11112", "127.0.0.1:8080:8080");
        assertThat(own.dimse().port()).isEqualTo(11112);
        Duration grace = Duration.parse("PT" + composeNode().path("stop_grace_period").asText());
        assertThat(grace).isGreaterThanOrEqualTo(own.workflow().drainTimeout().plusSeconds(60));
        assertThat(composeNode().path("build").path("dockerfile").asText())
                .isEqualTo("deploy/Containerfile");
        Map<String, String> database = composeVariables("database");
        Map<String, String> node = composeVariables("negvol");
        assertThat(node.get("QUARKUS_DATASOURCE_JDBC_URL"))
                .isEqualTo("jdbc:postgresql://database:5432/" + database.get("POSTGRES_DB"));
        assertThat(node.get("QUARKUS_DATASOURCE_USERNAME"))
                .isEqualTo(database.get("POSTGRES_USER"));
        assertThat(node.get("QUARKUS_DATASOURCE_PASSWORD"))
                .isEqualTo(database.get("POSTGRES_PASSWORD"));
    }

    @Test
    void allAreOfOneVersion() throws IOException {
        Matcher project =
                Pattern.compile("<artifactId>negvol</artifactId>\\s*<version>([^<]+)</version>")
                        .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(project.find()).isTrue();
        JsonNode chart = Chart.YAML.readTree(Files.readString(Chart.FOLDER.resolve("Chart.yaml")));
        assertThat(chart.path("appVersion").asText()).isEqualTo(project.group(1));
        assertThat(composeNode().path("image").asText()).isEqualTo("negvol:" + project.group(1));
    }

    @Test
    void noSecretHasADefault() throws IOException {
        for (String file : List.of("deploy/compose.yaml", "helm/negvol/values.yaml")) {
            for (String line : Files.readAllLines(Path.of(file))) {
                Matcher m = Pattern.compile("(?i)^\\s*(\\w*password\\w*):(.*)").matcher(line);
                if (m.matches()) {
                    assertThat(m.group(2).strip())
                            .as(line)
                            .matches("\\$\\{NEGVOL_DATABASE_PASSWORD:\\?.*}|password");
                }
            }
        }
    }

    private static List<Instruction> instructions() throws IOException {
        List<Instruction> instructions = new ArrayList<>();
        int stage = 0;
        String text =
                Files.readString(CONTAINERFILE)
                        .replaceAll("(?m)^#.*\\R", "")
                        .replaceAll("\\\\\\R\\s*", "");
        for (String line : text.lines().filter(l -> !l.isBlank()).toList()) {
            String[] parts = line.split("\\s+", 2);
            if (parts[0].equals("FROM")) {
                stage++;
            }
            instructions.add(new Instruction(stage, parts[0], parts[1]));
        }
        return instructions;
    }

    /** The last one of a name. */
    private static String value(String name) throws IOException {
        return instructions().stream()
                .filter(i -> i.name.equals(name))
                .reduce((first, second) -> second)
                .orElseThrow(() -> new AssertionError("no " + name))
                .arguments;
    }

    private static Map<String, String> imageVariables() throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (String pair : value("ENV").split("\\s+")) {
            String[] parts = pair.split("=", 2);
            variables.put(parts[0], parts[1]);
        }
        return variables;
    }

    private static JsonNode compose() throws IOException {
        return Chart.YAML.readTree(Files.readString(Path.of("deploy/compose.yaml")));
    }

    private static JsonNode composeNode() throws IOException {
        return compose().path("services").path("negvol");
    }

    private static Map<String, String> composeVariables(String service) throws IOException {
        Map<String, String> given =
                Map.of(
                        "NEGVOL_SCANNER", "CT@10.0.0.7",
                        "NEGVOL_PACS", "PACS@10.0.0.8:104",
                        "NEGVOL_DATABASE_PASSWORD", "x");
        Map<String, String> variables = new HashMap<>();
        for (var e : compose().path("services").path(service).path("environment").properties()) {
            Matcher m = Pattern.compile("\\$\\{(\\w+):\\?[^}]*}").matcher(e.getValue().asText());
            variables.put(e.getKey(), m.replaceAll(r -> given.get(r.group(1))));
        }
        return variables;
    }

    private static void knownToQuarkus(Iterable<String> names) {
        for (String name : names) {
            if (name.startsWith("QUARKUS_") && !name.equals("QUARKUS_PROFILE")) {
                String key = name.toLowerCase(java.util.Locale.ROOT).replace('_', '.');
                assertThat(QuarkusKeys.phase(key)).as(name).hasValue(QuarkusKeys.Phase.RUN);
            } else {
                assertThat(name).matches("NEGVOL_.*|JAVA_TOOL_OPTIONS|QUARKUS_PROFILE");
            }
        }
    }

    private static Container node(Chart chart) {
        return chart.the(StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst();
    }

    private static List<String> mounts() {
        return node(Chart.rendered(Chart.values("defaults"))).getVolumeMounts().stream()
                .map(VolumeMount::getMountPath)
                .toList();
    }

    private static String jib(String key) throws IOException {
        Matcher m =
                Pattern.compile(
                                "<quarkus\\.jib\\.%1$s>(.*)</quarkus\\.jib\\.%1$s>"
                                        .formatted(Pattern.quote(key)))
                        .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(m.find()).as(key).isTrue();
        return m.group(1);
    }
}
