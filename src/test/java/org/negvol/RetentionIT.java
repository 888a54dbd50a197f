package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;

/** Studies that are old enough leave the archive; those that a PACS has not got yet do not. */
class RetentionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir Path folder;

    @Test
    void deliveredStudyIsRemovedWithItsFilesAndOneThatWaitsForThePacsStays() throws Exception {
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
        PhantomStudy finished = phantom.localizer(folder.resolve("finished"));
        PhantomStudy waiting = phantom.localizer(folder.resolve("waiting"), 2);
        assertThat(finished.uid()).isNotEqualTo(waiting.uid());
        Map<String, String> quick = Map.of("negvol.workflow.quiet-period", "500ms");
        try (NodeProcess node = NodeProcess.start(folder, quick)) {
            send(node, finished);
        }
        Map<String, String> withPacs =
                Map.of(
                        "negvol.workflow.quiet-period",
                        "500ms",
                        "negvol.destinations.pacs",
                        "PACS@localhost:" + ResultReceiver.freePort(),
                        "negvol.retention.keep",
                        "30d");
        try (NodeProcess node = NodeProcess.start(folder, withPacs)) {
            send(node, waiting);
        }
        assertThat(files(finished)).isNotEmpty();
        List<Path> kept = files(waiting);
        assertThat(kept).isNotEmpty();
        grewOlder(Duration.ofDays(31));

        try (NodeProcess node = NodeProcess.start(folder, withPacs)) {
            NodeProcess.await(
                    PATIENCE,
                    "the old study to be removed",
                    () -> node.get("/api/studies/" + finished.uid()).statusCode() == 404);
            NodeProcess.await(
                    PATIENCE,
                    "the audit trail to say so",
                    () ->
                            node.auditTrail().stream()
                                    .anyMatch(
                                            l ->
                                                    l.contains("110105")
                                                            && l.contains(finished.uid())));
            assertThat(files(finished)).isEmpty();
            assertThat(node.json("/api/studies/" + waiting.uid()).path("state").asText())
                    .isEqualTo("NOT_APPLICABLE");
            assertThat(files(waiting)).containsExactlyElementsOf(kept);
            assertThat(node.get("/q/metrics").body())
                    .contains("negvol_studies_removed_total{reason=\"age\"} 1.0");
            // What was removed may come again, and is then as new.
            send(node, finished);
            assertThat(files(finished)).isNotEmpty();
        }
    }

    private static void send(NodeProcess node, PhantomStudy study) throws IOException {
        try (Sender scanner = new Sender(node.dimsePort())) {
            assertThat(scanner.send(study.files())).isEmpty();
        }
        node.awaitStudy(study.uid(), PATIENCE, "NOT_APPLICABLE");
    }

    /** What time does; the node is stopped. */
    private void grewOlder(Duration by) throws Exception {
        try (Connection database =
                new EmbeddedPostgresDriver()
                        .connect(
                                "jdbc:negvol:" + folder.resolve("data/postgresql"),
                                new Properties())) {
            for (String column :
                    List.of(
                            "study.created_at",
                            "series.last_received_at",
                            "instance.received_at")) {
                String[] name = column.split("\\.");
                try (PreparedStatement update =
                        database.prepareStatement(
                                "update %s set %s = %s - make_interval(secs => ?)"
                                        .formatted(name[0], name[1], name[1]))) {
                    update.setLong(1, by.toSeconds());
                    assertThat(update.executeUpdate()).isPositive();
                }
            }
        } finally {
            EmbeddedPostgresDriver.stopServers();
        }
    }

    private List<Path> files(PhantomStudy study) throws IOException {
        Path instances = folder.resolve("data/archive/instances");
        try (Stream<Path> all = Files.walk(instances)) {
            return all.filter(Files::isRegularFile)
                    // Year, month and day stand before it.
                    .filter(f -> instances.relativize(f).getName(3).toString().equals(study.uid()))
                    .sorted()
                    .toList();
        }
    }
}
