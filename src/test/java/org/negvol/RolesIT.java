package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
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
                ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"))) {
            Map<String, String> shared = new HashMap<>();
            shared.put("quarkus.datasource.jdbc.url", database.getMetaData().getURL());
            shared.put("quarkus.datasource.username", database.getMetaData().getUserName());
            shared.put(
                    "quarkus.datasource.password",
                    Files.readString(server.resolve("password")).strip());
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
                    }
                }
            }
            assertThat(pacs.byKind(phantom.uid()).keySet())
                    .containsExactlyInAnyOrder("SEG", "SURFACE", "SR");
            assertThat(pacs.stores().values()).containsOnly(1);
        } finally {
            EmbeddedPostgresDriver.stopServers();
        }
    }

    private NodeProcess start(Map<String, String> shared, String role) throws Exception {
        Map<String, String> configuration = new HashMap<>(shared);
        configuration.put("negvol.roles", role);
        return NodeProcess.start(folder, configuration);
    }
}
