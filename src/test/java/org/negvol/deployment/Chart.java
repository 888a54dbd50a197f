package org.negvol.deployment;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The Helm chart, rendered by Helm itself and read as Kubernetes would read it. */
final class Chart {

    static final Path FOLDER = Path.of("helm", "negvol");

    /** What an API server with strict field validation accepts: no unknown field, none twice. */
    private static final ObjectMapper STRICT =
            JsonMapper.builder(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .annotationIntrospector(new NoFurtherProperties())
                    .build();

    static final ObjectMapper YAML =
            JsonMapper.builder(
                            YAMLFactory.builder()
                                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                                    .build())
                    .build();

    private static final Map<String, Class<? extends HasMetadata>> KINDS =
            Map.ofEntries(
                    Map.entry("v1/ConfigMap", ConfigMap.class),
                    Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
                    Map.entry("v1/Pod", Pod.class),
                    Map.entry("v1/Service", Service.class),
                    Map.entry("v1/ServiceAccount", ServiceAccount.class),
                    Map.entry("apps/v1/StatefulSet", StatefulSet.class),
                    Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
                    Map.entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class),
                    Map.entry("monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class),
                    Map.entry("monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class),
                    Map.entry("apps/v1/Deployment", Deployment.class),
                    Map.entry("batch/v1/Job", Job.class),
                    Map.entry(
                            "autoscaling/v2/HorizontalPodAutoscaler",
                            HorizontalPodAutoscaler.class));

    /** Of its objects there are no models, so only what every object has is looked at. */
    private static final String KEDA = "keda.sh/v1alpha1/";

    private static final Path WITHOUT_HOOKS = withoutHooks();

    private final String text;
    private final List<HasMetadata> objects;

    private Chart(String text, List<HasMetadata> objects) {
        this.text = text;
        this.objects = objects;
    }

    static Helm helm() {
        return new Helm(FOLDER);
    }

    /** A file of values among the test resources. */
    static Path values(String name) {
        return Path.of("src/test/resources/org/negvol/deployment", name + ".yaml");
    }

    /**
     * Renders a release "tmj" in the namespace "radiology". Hooks are rendered too: Helm keeps them
     * apart and helm-java does not hand them out, so a copy of the chart without the annotation
     * that makes them hooks is rendered.
     */
    static Chart rendered(Path values) {
        return rendered(new Helm(WITHOUT_HOOKS), values);
    }

    /** The defaults as {@code helm install} sends them. */
    static Chart withHooksAsHelmLeavesThem() {
        return rendered(helm(), values("defaults"));
    }

    private static Path withoutHooks() {
        try {
            Path copy = Files.createTempDirectory("chart");
            copy.toFile().deleteOnExit();
            try (Stream<Path> files = Files.walk(FOLDER)) {
                for (Path file : files.toList()) {
                    Path to = copy.resolve(FOLDER.relativize(file).toString());
                    to.toFile().deleteOnExit();
                    if (Files.isDirectory(file)) {
                        Files.createDirectories(to);
                    } else {
                        Files.writeString(
                                to,
                                Files.readString(file)
                                        .replaceAll(
                                                "(?m)^  annotations:\\R(    helm\\.sh/hook.*\\R)+",
                                                ""));
                    }
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Chart rendered(Helm helm, Path values) {
        String text =
                helm.template()
                        .withName("tmj")
                        .withNamespace("radiology")
                        .withKubeVersion("1.31.0")
                        .withValuesFile(values)
                        .call();
        try {
            List<HasMetadata> objects = new ArrayList<>();
            for (String document : text.split("(?m)^---$")) {
                JsonNode tree = YAML.readTree(document);
                if (tree == null || tree.isNull() || tree.isMissingNode()) {
                    continue;
                }
                String kind = tree.path("apiVersion").asText() + "/" + tree.path("kind").asText();
                if (kind.startsWith(KEDA)) {
                    objects.add(YAML.treeToValue(tree, GenericKubernetesResource.class));
                    continue;
                }
                Class<? extends HasMetadata> type = KINDS.get(kind);
                if (type == null) {
                    throw new AssertionError("the chart makes an object of unknown kind " + kind);
                }
                objects.add(STRICT.readValue(document, type));
            }
            return new Chart(text, objects);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renders with values given as YAML. */
    static Chart renderedWith(String yaml) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, yaml);
                return rendered(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    /** What the application gets as its {@code application.properties}. */
    String properties() {
        return all(ConfigMap.class).stream()
                .map(c -> c.getData().get("application.properties"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no application.properties"));
    }

    List<HasMetadata> objects() {
        return objects;
    }

    /** The pods of the node, by the name of what makes them. */
    Map<String, PodTemplateSpec> nodes() {
        Map<String, PodTemplateSpec> nodes = new TreeMap<>();
        all(StatefulSet.class)
                .forEach(s -> nodes.put(s.getMetadata().getName(), s.getSpec().getTemplate()));
        all(Deployment.class)
                .forEach(d -> nodes.put(d.getMetadata().getName(), d.getSpec().getTemplate()));
        return nodes;
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T the(Class<T> type, String name) {
        return all(type).stream()
                .filter(o -> o.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    <T extends HasMetadata> T the(Class<T> type) {
        List<T> found = all(type);
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects of kind " + type.getSimpleName());
        }
        return found.getFirst();
    }

    /** The models gather unknown fields; here they are to be errors. */
    private static final class NoFurtherProperties extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated a) {
            return Boolean.FALSE;
        }
    }
}
