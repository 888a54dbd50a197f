package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stops or is not there yet: the node itself, and a PACS. */
class StopAndStartIT {

    private static final Duration DRAIN = Duration.ofSeconds(20);

    /** Exit codes of an orderly end: by itself, and by SIGTERM (128 + 15). */
    private static final int[] CLEAN = {0, 143};

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    @TempDir static Path phantomFolder;

    private static PhantomStudy phantom;

    @TempDir Path folder;

    @BeforeAll
    static void write() {
        phantom = PhantomStudy.write(phantomFolder);
    }

    @Test
    void runningAssociationMayFinishAfterSigtermAndNoNewOneBegins() throws Exception {
        try (NodeProcess node =
                NodeProcess.start(folder, Map.of("negvol.workflow.drain-timeout", "20s"))) {
            long asked;
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(phantom.files().subList(0, 5))).isEmpty();
                node.terminate();
                asked = System.nanoTime();
                NodeProcess.await(DRAIN, "the port to close", () -> isClosed(node.dimsePort()));
                assertThat(scanner.send(phantom.files().subList(5, 10))).isEmpty();
                assertThat(scanner.acknowledged()).hasSize(10);
            }
            int exit = node.awaitExit(DRAIN);
            assertThat(CLEAN).contains(exit);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(DRAIN);
            assertThat(node.log()).contains("stopped in");
            // Whoever knocks between the request to stop and the closing of the port is told to
            // come
            // again.
            assertThat(node.complaints()).allMatch(c -> c.contains("temporary congestion"));
        }
        try (NodeProcess again = NodeProcess.start(folder, Map.of())) {
            assertThat(
                            again.json("/api/studies/" + phantom.uid())
                                    .path("series")
                                    .path(0)
                                    .path("instances")
                                    .asInt())
                    .isEqualTo(10);
        }
    }

    @Test
    void stoppedWhileProcessingTheNodeEndsCleanlyAndGoesOnAtItsNextStart() throws Exception {
        Map<String, String> configuration = Map.of("negvol.workflow.drain-timeout", "1s");
        try (NodeProcess node = NodeProcess.start(folder, configuration)) {
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(phantom.files())).isEmpty();
            }
            node.awaitStudy(phantom.uid(), PATIENCE, "PROCESSING");
            node.terminate();
            assertThat(CLEAN).contains(node.awaitExit(PATIENCE));
            assertThat(node.log()).contains("stopped in");
            // A step that is longer than the time to drain is warned of.
            assertThat(node.complaints()).noneMatch(l -> l.contains(" ERROR "));
        }
        try (NodeProcess node = NodeProcess.start(folder, configuration)) {
            node.awaitStudy(phantom.uid(), PATIENCE, "DONE", "DEGRADED", "PROCESSING");
        }
    }

    @Test
    void resultWaitsForAPacsThatIsDown() throws Exception {
        PhantomStudy localizer = phantom.localizer(folder.resolve("localizer"));
        int port = ResultReceiver.freePort();
        Map<String, String> configuration =
                Map.of(
                        "negvol.destinations.pacs",
                        "PACS@localhost:" + port,
                        "negvol.workflow.quiet-period",
                        "500ms",
                        "negvol.workflow.retry-delay",
                        "200ms",
                        "negvol.workflow.retry-delay-limit",
                        "1s");
        try (NodeProcess node = NodeProcess.start(folder, configuration)) {
            try (Sender scanner = new Sender(node.dimsePort())) {
                assertThat(scanner.send(localizer.files())).isEmpty();
            }
            JsonNode study =
                    node.awaitStudy(
                            localizer.uid(),
                            PATIENCE,
                            s ->
                                    delivery(s)
                                            .path("sentence")
                                            .asText()
                                            .startsWith("Nobody answers"));
            assertThat(delivery(study).path("state").asText()).isEqualTo("PENDING");
            try (ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"), port)) {
                node.awaitStudy(
                        localizer.uid(),
                        PATIENCE,
                        s -> delivery(s).path("state").asText().equals("DELIVERED"));
                assertThat(pacs.stores().values()).containsExactly(1);
                assertThat(pacs.byKind(localizer.uid()).keySet()).containsExactly("SR");
            }
        }
    }

    private static JsonNode delivery(JsonNode study) {
        List<JsonNode> deliveries = study.findValues("deliveries");
        return deliveries.isEmpty() ? MissingNode.getInstance() : deliveries.getFirst().path(0);
    }

    private static boolean isClosed(int port) {
        try {
            new Sender(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
