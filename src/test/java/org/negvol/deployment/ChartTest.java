package org.negvol.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.config.Settings;
import org.negvol.workflow.JobState;

/** The Helm chart does what its values say, and Kubernetes accepts what it makes. */
class ChartTest {

    private static final String[] WISHES = {"defaults", "hospital", "unusual", "cluster"};
    private static final Map<String, Chart> RENDERED = new HashMap<>();

    private static Chart chart(String wish) {
        return RENDERED.computeIfAbsent(wish, w -> Chart.rendered(Chart.values(w)));
    }

    @Test
    void helmHasNothingToSayAgainstTheChart() {
        var lint = Chart.helm().lint().strict().call();
        assertThat(lint.isFailed()).as("%s", lint.getMessages()).isFalse();
    }

    @Test
    void whatIsRenderedIsWhatWasReviewed() throws IOException {
        for (String wish : WISHES) {
            Golden.check(
                    Path.of("src/test/resources/org/negvol/deployment", wish + ".rendered.yaml"),
                    chart(wish)
                            .text()
                            .replaceAll(
                                    "(?s)(  negvol\\.json: ).*?\\n---",
                                    "$1(dashboards/negvol.json)\n---"));
        }
    }

    @Test
    void namesAndLabelsAreOnesThatKubernetesTakes() {
        for (String wish : WISHES) {
            for (HasMetadata object : chart(wish).objects()) {
                var metadata = object.getMetadata();
                assertThat(metadata.getName()).matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");
                metadata.getLabels()
                        .forEach(
                                (key, value) ->
                                        assertThat(value)
                                                .as(key)
                                                .matches(
                                                        "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"));
                assertThat(metadata.getLabels())
                        .containsEntry("app.kubernetes.io/managed-by", "Helm");
            }
        }
    }

    @Test
    void aVeryLongReleaseNameStillMakesNamesThatFit() {
        Chart chart = Chart.renderedWith("fullnameOverride: " + "a".repeat(80));
        for (HasMetadata object : chart.objects()) {
            assertThat(object.getMetadata().getName()).hasSizeLessThanOrEqualTo(63);
        }
    }

    @Test
    void everythingThatIsReferredToIsThere() {
        for (String wish : WISHES) {
            Chart chart = chart(wish);
            Set<Service> used = new HashSet<>();
            for (PodTemplateSpec node : chart.nodes().values()) {
                Map<String, String> podLabels = node.getMetadata().getLabels();
                PodSpec pod = node.getSpec();
                mountsHaveVolumes(pod);
                List<String> ports =
                        pod.getContainers().getFirst().getPorts().stream()
                                .map(ContainerPort::getName)
                                .toList();
                assertThat(ports).contains("http").doesNotHaveDuplicates();
                for (Service service : chart.all(Service.class)) {
                    if (podLabels
                            .entrySet()
                            .containsAll(service.getSpec().getSelector().entrySet())) {
                        used.add(service);
                        for (ServicePort port : service.getSpec().getPorts()) {
                            assertThat(ports).contains(port.getTargetPort().getStrVal());
                        }
                    }
                }
                for (PodDisruptionBudget budget : chart.all(PodDisruptionBudget.class)) {
                    assertThat(podLabels)
                            .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels());
                }
                for (NetworkPolicy policy : chart.all(NetworkPolicy.class)) {
                    assertThat(podLabels)
                            .containsAllEntriesOf(
                                    policy.getSpec().getPodSelector().getMatchLabels());
                }
                for (Volume volume : pod.getVolumes()) {
                    if (volume.getConfigMap() != null) {
                        chart.the(ConfigMap.class, volume.getConfigMap().getName());
                    }
                    if (volume.getPersistentVolumeClaim() != null
                            && volume.getName().equals("data")
                            && !wish.equals("unusual")) {
                        chart.the(
                                PersistentVolumeClaim.class,
                                volume.getPersistentVolumeClaim().getClaimName());
                    }
                }
            }
            assertThat(used)
                    .as("no Service is without pods")
                    .containsAll(
                            chart.all(Service.class).stream()
                                    .filter(s -> !s.getMetadata().getName().endsWith("-test"))
                                    .toList());
            for (StatefulSet set : chart.all(StatefulSet.class)) {
                assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
                assertThat(chart.all(Service.class))
                        .anyMatch(
                                s ->
                                        s.getMetadata()
                                                .getName()
                                                .equals(set.getSpec().getServiceName()));
            }
            for (Deployment deployment : chart.all(Deployment.class)) {
                assertThat(deployment.getSpec().getTemplate().getMetadata().getLabels())
                        .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
            }
            for (ServiceMonitor monitor : chart.all(ServiceMonitor.class)) {
                Map<String, String> wanted = monitor.getSpec().getSelector().getMatchLabels();
                assertThat(chart.all(Service.class))
                        .filteredOn(
                                s ->
                                        s.getMetadata()
                                                .getLabels()
                                                .entrySet()
                                                .containsAll(wanted.entrySet()))
                        .singleElement()
                        .satisfies(
                                s ->
                                        assertThat(s.getSpec().getPorts())
                                                .extracting(ServicePort::getName)
                                                .contains(
                                                        monitor.getSpec()
                                                                .getEndpoints()
                                                                .getFirst()
                                                                .getPort()));
            }
        }
    }

    @Test
    void theApplicationTakesTheConfigurationItIsGiven() throws IOException {
        for (String wish : WISHES) {
            Settings settings = ApplicationKeys.settings(chart(wish).properties());
            assertThat(settings).isNotNull();
        }
        Settings hospital = ApplicationKeys.settings(chart("hospital").properties());
        assertThat(hospital.aeTitle()).isEqualTo("TMJ_NODE");
        assertThat(hospital.destinations())
                .extracting(d -> d.name() + "=" + d)
                .containsExactly(
                        "pacs=PACS@pacs.example.org:104", "research=RESEARCH@10.20.40.5:11112");
        assertThat(hospital.callers())
                .extracting(c -> c.aeTitle() + "@" + c.network())
                .containsExactly(
                        "CBCT@10.20.31.0/24",
                        "CT_ROOM1@10.20.30.41",
                        "HELM_TEST@tmj-negvol-test.radiology.svc");
        assertThat(hospital.unknownCallers()).isEqualTo(Settings.UnknownCallers.NONE);
        assertThat(hospital.workflow().workers()).isEqualTo(2);
        assertThat(hospital.workflow().drainTimeout()).hasSeconds(120);
        assertThat(hospital.retention().keep()).hasValue(Duration.ofDays(90));
        assertThat(hospital.retention().lowWaterBytes()).hasValue(20_000_000_000L);
        assertThat(hospital.web().logIn()).isTrue();
        Settings unusual = ApplicationKeys.settings(chart("unusual").properties());
        assertThat(unusual.archive().minFreeBytes())
                .as("extraProperties win")
                .isEqualTo(5_000_000_000L);
        assertThat(unusual.workflow().modelsDir()).hasValue(Path.of("/models"));
    }

    @Test
    void valuesThatTheChartDoesNotSetAreTheApplicationsOwnDefaults() throws IOException {
        String rendered = chart("defaults").properties();
        Settings charts = ApplicationKeys.settings(rendered);
        Settings own = ApplicationKeys.settings("");
        assertThat(charts.aeTitle()).isEqualTo(own.aeTitle());
        assertThat(charts.dimse().port()).isEqualTo(own.dimse().port());
        assertThat(charts.dimse().maxAssociations()).isEqualTo(own.dimse().maxAssociations());
        assertThat(charts.dimse().maxPduLength()).isEqualTo(own.dimse().maxPduLength());
        assertThat(charts.dimse().tlsPort()).isEqualTo(own.dimse().tlsPort());
        assertThat(charts.dimse().plain()).isEqualTo(own.dimse().plain());
        assertThat(charts.dimse().requestCommitment()).isEqualTo(own.dimse().requestCommitment());
        assertThat(charts.dimse().idleTimeout()).isEqualTo(own.dimse().idleTimeout());
        assertThat(charts.archive().fsync()).isEqualTo(own.archive().fsync());
        assertThat(charts.archive().minFreeBytes()).isEqualTo(own.archive().minFreeBytes());
        assertThat(charts.workflow().quietPeriod()).isEqualTo(own.workflow().quietPeriod());
        assertThat(charts.workflow().workers()).isEqualTo(own.workflow().workers());
        assertThat(charts.workflow().senders()).isEqualTo(own.workflow().senders());
        assertThat(charts.workflow().maxAttempts()).isEqualTo(own.workflow().maxAttempts());
        assertThat(charts.workflow().retryDelay()).isEqualTo(own.workflow().retryDelay());
        assertThat(charts.workflow().retryDelayLimit()).isEqualTo(own.workflow().retryDelayLimit());
        assertThat(charts.workflow().giveUpAfter()).isEqualTo(own.workflow().giveUpAfter());
        assertThat(charts.retention().keep()).isEqualTo(own.retention().keep());
        assertThat(charts.retention().lowWaterBytes()).isEqualTo(own.retention().lowWaterBytes());
        assertThat(charts.web().logIn()).isEqualTo(own.web().logIn());
    }

    @Test
    void thePodRunsWithoutPrivilegesAndWritesOnlyWhereAVolumeIs() {
        for (String wish : WISHES) {
            Chart chart = chart(wish);
            chart.nodes().values().forEach(n -> restricted(n.getSpec()));
            chart.all(Pod.class).forEach(p -> restricted(p.getSpec()));
            chart.all(ServiceAccount.class)
                    .forEach(a -> assertThat(a.getAutomountServiceAccountToken()).isFalse());
        }
    }

    @Test
    void probesAskTheRightQuestions() {
        Container node = node(chart("defaults"));
        assertThat(path(node.getStartupProbe())).isEqualTo("/q/health/started");
        assertThat(path(node.getLivenessProbe())).isEqualTo("/q/health/live");
        assertThat(path(node.getReadinessProbe())).isEqualTo("/q/health/ready");
    }

    @Test
    void kubernetesWaitsLongerThanTheApplicationDrains() throws IOException {
        for (String wish : WISHES) {
            Settings settings = ApplicationKeys.settings(chart(wish).properties());
            for (PodTemplateSpec node : chart(wish).nodes().values()) {
                assertThat(node.getSpec().getTerminationGracePeriodSeconds())
                        .isGreaterThanOrEqualTo(
                                settings.workflow().drainTimeout().toSeconds() + 60);
            }
        }
    }

    @Test
    void scannersKeepTheirAddressesOnTheWayIn() {
        Service dimse = chart("defaults").the(Service.class, "tmj-negvol-dimse");
        assertThat(dimse.getSpec().getType()).isEqualTo("LoadBalancer");
        assertThat(dimse.getSpec().getExternalTrafficPolicy()).isEqualTo("Local");
        Service inside =
                Chart.renderedWith("service: {dimse: {type: ClusterIP}}")
                        .the(Service.class, "tmj-negvol-dimse");
        assertThat(inside.getSpec().getExternalTrafficPolicy())
                .as("Kubernetes refuses it for ClusterIP")
                .isNull();
    }

    @Test
    void passwordsComeFromTheNamedSecretAndAreNowhereElse() {
        Container node = node(chart("hospital"));
        assertThat(node.getEnv())
                .filteredOn(e -> e.getValueFrom() != null)
                .extracting(
                        e ->
                                e.getName()
                                        + " "
                                        + e.getValueFrom().getSecretKeyRef().getName()
                                        + " "
                                        + e.getValueFrom().getSecretKeyRef().getKey())
                .containsExactly(
                        "QUARKUS_DATASOURCE_USERNAME negvol-database username",
                        "QUARKUS_DATASOURCE_PASSWORD negvol-database password",
                        "QUARKUS_OIDC_CREDENTIALS_SECRET negvol-log-in client-secret");
        assertThat(chart("hospital").the(ConfigMap.class, "tmj-negvol").getData().toString())
                .contains(
                        "jdbc:postgresql://postgres.example.org:5432/negvol?sslmode=verify-full"
                                + "&sslrootcert=/etc/negvol/database/ca.crt");
    }

    @Test
    void theWorkIsSplitOverDeploymentsThatShareOnlyDatabaseAndBucket() throws IOException {
        Chart chart = chart("cluster");
        assertThat(chart.nodes().keySet())
                .containsExactly("tmj-negvol-gateway", "tmj-negvol-receiver", "tmj-negvol-worker");
        assertThat(chart.all(PersistentVolumeClaim.class)).isEmpty();
        for (String role : List.of("gateway", "receiver", "worker")) {
            Container node =
                    chart.nodes().get("tmj-negvol-" + role).getSpec().getContainers().getFirst();
            assertThat(node.getEnv())
                    .filteredOn(e -> e.getName().equals("NEGVOL_ROLES"))
                    .extracting(EnvVar::getValue)
                    .containsExactly(role);
            assertThat(node.getEnv())
                    .filteredOn(e -> e.getName().startsWith("NEGVOL_ARCHIVE_S3"))
                    .extracting(e -> e.getValueFrom().getSecretKeyRef().getName())
                    .containsExactly("negvol-s3", "negvol-s3");
            assertThat(node.getPorts())
                    .extracting(ContainerPort::getName)
                    .containsExactlyElementsOf(
                            role.equals("receiver") ? List.of("dimse", "http") : List.of("http"));
        }
        Settings settings = ApplicationKeys.settings(chart.properties());
        assertThat(settings.archive().s3().bucket()).hasValue("negvol");
        assertThat(settings.archive().s3().pathStyle()).isTrue();
        assertThat(settings.auditRepository()).isPresent();
        PodSpec worker = chart.nodes().get("tmj-negvol-worker").getSpec();
        assertThat(worker.getNodeSelector()).containsEntry("negvol.org/pool", "compute");
        assertThat(worker.getContainers().getFirst().getResources().getLimits())
                .containsKey("nvidia.com/gpu");
        assertThat(chart.the(Service.class, "tmj-negvol-dimse").getSpec().getSessionAffinity())
                .isEqualTo("ClientIP");
    }

    @Test
    void theSchemaIsBroughtUpToDateBeforeAPodIsReplaced() throws IOException {
        assertThat(Chart.FOLDER.resolve("templates/migration.yaml"))
                .content()
                .contains("    helm.sh/hook: pre-upgrade\n");
        Chart chart = chart("cluster");
        PodSpec pod = chart.the(Job.class).getSpec().getTemplate().getSpec();
        restricted(pod);
        mountsHaveVolumes(pod);
        Container migrate = pod.getContainers().getFirst();
        assertThat(migrate.getArgs()).containsExactly("migrate");
        String url =
                migrate.getEnv().stream()
                        .filter(e -> e.getName().equals("QUARKUS_DATASOURCE_JDBC_URL"))
                        .map(EnvVar::getValue)
                        .findFirst()
                        .orElseThrow();
        assertThat(chart.properties()).contains("quarkus.datasource.jdbc.url=" + url + "\n");
        assertThat(chart("hospital").all(Job.class))
                .as("one pod, which does it at its start")
                .isEmpty();
    }

    @Test
    void workersFollowTheQueueOrTheProcessorOrNothing() {
        Chart queue = chart("cluster");
        Deployment worker = queue.the(Deployment.class, "tmj-negvol-worker");
        assertThat(worker.getSpec().getReplicas()).as("KEDA's to say").isNull();
        GenericKubernetesResource scaled =
                queue.the(GenericKubernetesResource.class, "tmj-negvol-worker");
        assertThat(scaled.getKind()).isEqualTo("ScaledObject");
        assertThat(scaled.<String>get("spec", "scaleTargetRef", "name"))
                .isEqualTo("tmj-negvol-worker");
        assertThat(scaled.<Integer>get("spec", "minReplicaCount")).isZero();
        String query = scaled.get("spec", "triggers", 0, "metadata", "query");
        for (JobState state : JobState.values()) {
            assertThat(query.contains("'" + state + "'")).as("%s", state).isEqualTo(state.isOpen());
        }
        assertThat(
                        queue.the(GenericKubernetesResource.class, "tmj-negvol-database")
                                .<String>get("spec", "secretTargetRef", 0, "name"))
                .isEqualTo("negvol-database");

        String external =
                "mode: distributed, s3: {bucket: negvol}, database: {mode: external, external:"
                        + " {host: db, existingSecret: s, sslMode: require}}";
        Chart cpu =
                Chart.renderedWith("{%s, worker: {autoscaling: {by: cpu}}}".formatted(external));
        HorizontalPodAutoscaler scaler = cpu.the(HorizontalPodAutoscaler.class);
        assertThat(scaler.getSpec().getScaleTargetRef().getName()).isEqualTo("tmj-negvol-worker");
        assertThat(scaler.getSpec().getMaxReplicas()).isEqualTo(4);
        assertThat(cpu.all(GenericKubernetesResource.class)).isEmpty();

        Chart nothing = Chart.renderedWith("{%s, worker: {replicas: 3}}".formatted(external));
        assertThat(nothing.all(HorizontalPodAutoscaler.class)).isEmpty();
        assertThat(nothing.the(Deployment.class, "tmj-negvol-worker").getSpec().getReplicas())
                .isEqualTo(3);
    }

    @Test
    void overTlsOnlyNothingElseIsOpen() throws IOException {
        Chart chart =
                Chart.renderedWith(
                        "{tls: {enabled: true, plain: false, existingSecret: cert, caKey: ''}}");
        assertThat(chart.the(Service.class, "tmj-negvol-dimse").getSpec().getPorts())
                .extracting(p -> p.getName() + " " + p.getPort())
                .containsExactly("dimse-tls 2762");
        Settings settings = ApplicationKeys.settings(chart.properties());
        assertThat(settings.dimse().tlsPort()).hasValue(2762);
        assertThat(settings.dimse().plain()).isFalse();
        assertThat(settings.tls().trusted()).as("Java's own authorities").isEmpty();
        assertThat(chart.all(Pod.class)).as("the test's C-ECHO speaks no TLS").isEmpty();
        assertThat(settings.callers()).isEmpty();
    }

    @Test
    void certificatesAreReadWhereTheSecretIsMounted() throws IOException {
        Settings settings = ApplicationKeys.settings(chart("hospital").properties());
        String mount =
                node(chart("hospital")).getVolumeMounts().stream()
                        .filter(m -> m.getName().equals("tls"))
                        .findFirst()
                        .orElseThrow()
                        .getMountPath();
        assertThat(settings.tls().certificate()).hasValue(Path.of(mount, "tls.crt"));
        assertThat(settings.tls().key()).hasValue(Path.of(mount, "tls.key"));
        assertThat(settings.tls().trusted()).hasValue(Path.of(mount, "ca.crt"));
        assertThat(settings.tls().destinations()).hasValue(List.of("pacs"));
    }

    @Test
    void anotherConfigurationMakesAnotherPod() {
        String one = checksum(Chart.renderedWith("aeTitle: ONE"));
        String two = checksum(Chart.renderedWith("aeTitle: TWO"));
        assertThat(one).isNotEqualTo(two).isEqualTo(checksum(Chart.renderedWith("aeTitle: ONE")));
    }

    @Test
    void theVolumeOutlivesTheReleaseUnlessToldOtherwise() {
        assertThat(
                        chart("defaults")
                                .the(PersistentVolumeClaim.class)
                                .getMetadata()
                                .getAnnotations())
                .containsEntry("helm.sh/resource-policy", "keep");
        assertThat(
                        Chart.renderedWith("storage: {keep: false}")
                                .the(PersistentVolumeClaim.class)
                                .getMetadata()
                                .getAnnotations())
                .isNullOrEmpty();
        assertThat(chart("unusual").all(PersistentVolumeClaim.class)).isEmpty();
    }

    @Test
    void theTestPodRunsWhenAskedForAndNotWithTheInstallation() throws IOException {
        assertThat(Chart.FOLDER.resolve("templates/tests/echo.yaml"))
                .content()
                .contains("    helm.sh/hook: test\n");
        assertThat(Chart.withHooksAsHelmLeavesThem().all(Pod.class)).isEmpty();
    }

    @Test
    void onlyTheTestPodMayCallWithTheTestsTitle() {
        Chart chart = chart("hospital");
        Pod test = chart.the(Pod.class);
        Service name = chart.the(Service.class, "tmj-negvol-test");
        assertThat(name.getSpec().getClusterIP()).isEqualTo("None");
        assertThat(name.getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(test.getMetadata().getLabels())
                .containsAllEntriesOf(name.getSpec().getSelector());
        assertThat(
                        chart.the(StatefulSet.class)
                                .getSpec()
                                .getTemplate()
                                .getMetadata()
                                .getLabels()
                                .entrySet())
                .as("the node itself is not the test")
                .doesNotContainAnyElementsOf(
                        List.of(Map.entry("app.kubernetes.io/component", "test")));
        assertThat(test.getSpec().getContainers().getFirst().getArgs())
                .startsWith("echo", "TMJ_NODE@tmj-negvol-dimse.radiology.svc:11112");
    }

    @Test
    void aNetworkPolicyLetsInAndOutWhoIsNamed() {
        NetworkPolicy policy = chart("hospital").the(NetworkPolicy.class);
        assertThat(policy.getSpec().getIngress().getFirst().getFrom())
                .extracting(f -> f.getIpBlock() == null ? "test" : f.getIpBlock().getCidr())
                .containsExactly("10.20.30.41/32", "10.20.31.0/24", "test");
        assertThat(policy.getSpec().getEgress())
                .flatExtracting(e -> e.getTo())
                .extracting(t -> t.getIpBlock().getCidr())
                .containsExactly("10.20.40.0/24", "10.20.50.7/32");
    }

    @Test
    void alertsNameTheReleaseTheyAreOf() {
        PrometheusRule rule = chart("hospital").the(PrometheusRule.class);
        var rules = rule.getSpec().getGroups().getFirst().getRules();
        assertThat(rules).hasSizeGreaterThan(5);
        for (var alert : rules) {
            assertThat(alert.getExpr().getStrVal()).contains("namespace=\"radiology\"");
            assertThat(alert.getLabels().get("severity")).isIn("critical", "warning", "info");
            assertThat(alert.getAnnotations()).containsKey("summary");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode: workers",
                "mode: distributed",
                "{mode: distributed, s3: {bucket: negvol}}",
                "{mode: distributed, database: {mode: external, external: {host: db,"
                        + " existingSecret: s, sslMode: require}}}",
                "s3: {endpoint: 'minio:9000'}",
                "{s3: {bucket: negvol}, retention: {lowWaterBytes: 2000000000}}",
                "worker: {autoscaling: {by: wish}}",
                "aeTitel: X",
                "aeTitle: SEVENTEEN_LETTERS",
                "aeTitle: ''",
                "unknownCallers: some",
                "callers: {ct: 10.0.0.1}",
                "callers: {helm-test: HELM_TEST@0.0.0.0/0}",
                "callers: {CT 1: CT@10.0.0.1}",
                "destinations: {pacs: PACS@pacs}",
                "destinations: {pacs: 'PACS:104'}",
                "dimse: {port: 104}",
                "dimse: {port: '11112'}",
                "dimse: {maxPduLength: 100}",
                "workflow: {workers: 0}",
                "workflow: {quietPeriod: soon}",
                "workflow: {drainSeconds: 0}",
                "replicas: 2",
                "image: {digest: abc}",
                "database: {mode: mysql}",
                "database: {mode: external}",
                "database: {mode: external, external: {host: db}}",
                "database: {external: {password: secret}}",
                "database: {mode: external, external: {host: db, existingSecret: s}}",
                "storage: {accessModes: []}",
                "storage: {size: much}",
                "service: {dimse: {type: ExternalName}}",
                "networkPolicy: {enabled: true}",
                "tls: {enabled: true}",
                "tls: {port: 443}",
                "{networkPolicy: {enabled: true, dimseFrom: [10.0.0.0/8]}, database: {mode:"
                        + " external, external: {host: db, existingSecret: s}}}",
                "podDisruptionBudget: {maxUnavailable: 2}",
                "java: {options: [Xmx3g]}",
                "logging: {format: xml}",
                "extraProperties: {'a b': c}"
            })
    void aValueThatCannotBeMeantIsRefusedBeforeAnythingIsInstalled(String values) {
        assertThatThrownBy(() -> Chart.renderedWith(values))
                .hasMessageContaining("values don't meet the specifications of the schema");
    }

    @ParameterizedTest
    @CsvSource({
        "'callers: {ct: CT@scanner.example.org}'",
        "'callers: {ct: CT@fd00::/8}'",
        "'destinations: {pacs: ''PACS 1@[fd00::1]:104''}'",
        "'destinations: {pacs:"
                + " ''PACS@pacs:104?objects=seg+sr+pdf&segmentation=label-map&coordinates=no''}'",
        "'workflow: {quietPeriod: PT1M30S, giveUpAfter: 500ms}'",
        "'resources: {limits: {memory: 8Gi, nvidia.com/gpu: 1}}'",
        "'global: {anything: goes}'",
        "'{mode: distributed, storage: {accessModes: [ReadWriteMany]}, database: {mode: external,"
                + " external: {host: db, existingSecret: s, sslMode: require}}}'",
        "'database: {mode: external, external: {host: db, existingSecret: s, sslMode: require}}'"
    })
    void aValueThatIsMeantIsTaken(String values) throws IOException {
        Chart chart = Chart.renderedWith(values);
        assertThat(ApplicationKeys.settings(chart.properties())).isNotNull();
    }

    @Test
    void theDashboardIsJsonAndAsksOnlyForThisRelease() throws IOException {
        ConfigMap dashboard = chart("hospital").the(ConfigMap.class, "tmj-negvol-dashboard");
        JsonNode json = Chart.YAML.readTree(dashboard.getData().get("negvol.json"));
        assertThat(json.path("panels")).hasSizeGreaterThan(10);
        for (JsonNode panel : json.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                assertThat(target.path("expr").asText())
                        .contains("namespace=\"$namespace\", job=\"$job\"");
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

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
        return probe.getHttpGet().getPath();
    }

    private static String checksum(Chart chart) {
        return chart.the(StatefulSet.class)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("checksum/config");
    }

    private static void mountsHaveVolumes(PodSpec pod) {
        List<String> volumes = pod.getVolumes().stream().map(Volume::getName).toList();
        assertThat(volumes).doesNotHaveDuplicates();
        for (Container container : pod.getContainers()) {
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes);
            assertThat(container.getVolumeMounts())
                    .extracting(VolumeMount::getMountPath)
                    .doesNotHaveDuplicates();
        }
    }

    /** The "restricted" profile of the Pod Security Standards. */
    private static void restricted(PodSpec pod) {
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                .isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getHostNetwork()).isNotEqualTo(true);
        for (Container container : pod.getContainers()) {
            var context = container.getSecurityContext();
            assertThat(context.getAllowPrivilegeEscalation()).isFalse();
            assertThat(context.getReadOnlyRootFilesystem()).isTrue();
            assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(context.getCapabilities().getAdd()).isNullOrEmpty();
        }
        for (Volume volume : pod.getVolumes()) {
            assertThat(volume.getHostPath()).isNull();
        }
    }
}
