package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/**
 * Reception, processing and delivery as processes of their own over one database and one folder.
 */
class RolesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    @TempDir Path folder;

    @Test
    void whatOneReceivesAnotherProcessesAndAThirdDeliversAlsoWhenAWorkerDies() throws Exception {
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        Path server = folder.resolve("server");
        try (Connection database =
                        new EmbeddedPostgresDriver()
                                .connect("jdbc:negvol:" + server, new Properties());
                TraceCollector collector = new TraceCollector();
                ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"))) {
            Map<String, String> shared = new HashMap<>(collector.configuration());
            shared.putAll(NodeProcess.databaseKeys(database, server));
            shared.put("negvol.destinations.pacs", pacs.address());
            try (NodeProcess receiver = start(shared, "receiver");
                    NodeProcess worker = start(shared, "worker")) {
                assertThat(worker.dimsePort()).isNegative();
                try (Sender scanner = new Sender(receiver.dimsePort())) {
                    assertThat(scanner.send(phantom.files())).isEmpty();
                }
                receiver.awaitStudy(phantom.uid(), PATIENCE, "PROCESSING");
                worker.kill();
                try (NodeProcess another = start(shared, "worker")) {
                    receiver.awaitStudy(phantom.uid(), PATIENCE, "DONE", "DEGRADED");
                    assertThat(another.log()).contains("attempt 2");
                    assertThat(pacs.stores()).as("nobody delivers yet").isEmpty();
                    try (NodeProcess gateway = start(shared, "gateway")) {
                        NodeProcess.await(PATIENCE, "the results", () -> pacs.stores().size() == 3);
                        assertThat(gateway.json("/q/health/ready").path("status").asText())
                                .isEqualTo("UP");
                        NodeProcess.await(
                                PATIENCE,
                                "the trace's end",
                                () -> !collector.spans("deliver").isEmpty());
                    }
                }
            }
            assertThat(pacs.byKind(phantom.uid()).keySet())
                    .containsExactlyInAnyOrder("SEG", "SURFACE", "SR");
            assertThat(pacs.stores().values()).containsOnly(1);
            oneTraceTellsAllOfIt(collector, phantom.uid());
        } finally {
            EmbeddedPostgresDriver.stopServers();
        }
    }

    /** What three processes said of one series fits together. */
    private static void oneTraceTellsAllOfIt(TraceCollector collector, String study) {
        assertThat(collector.spans("series")).hasSize(1);
        Span whole = collector.spans("series").getFirst();
        assertThat(TraceCollector.attribute(whole, "negvol.state")).isPresent();
        for (String name : List.of("receive", "wait", "process", "deliver")) {
            assertThat(collector.spans(name)).as(name).hasSize(1);
            Span part = collector.spans(name).getFirst();
            assertThat(part.getTraceId()).as(name).isEqualTo(whole.getTraceId());
            assertThat(part.getParentSpanId()).as(name).isEqualTo(whole.getSpanId());
        }
        Span process = collector.spans("process").getFirst();
        assertThat(TraceCollector.attribute(process, "negvol.attempt")).hasValue("2");
        for (Span span : List.of(whole, process, collector.spans("deliver").getFirst())) {
            assertThat(TraceCollector.attribute(span, "dicom.study_instance_uid")).hasValue(study);
        }
        assertThat(collector.spans("segment"))
                .as("one for each joint")
                .hasSize(2)
                .allSatisfy(s -> assertThat(s.getParentSpanId()).isEqualTo(process.getSpanId()));
        assertThat(whole.getStartTimeUnixNano())
                .isEqualTo(collector.spans("receive").getFirst().getStartTimeUnixNano());
        assertThat(whole.getEndTimeUnixNano())
                .isGreaterThanOrEqualTo(process.getStartTimeUnixNano());
    }

    private NodeProcess start(Map<String, String> shared, String role) throws Exception {
        Map<String, String> configuration = new HashMap<>(shared);
        configuration.put("negvol.roles", role);
        return NodeProcess.start(folder, configuration);
    }
}
