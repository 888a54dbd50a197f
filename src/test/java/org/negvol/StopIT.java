package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopIT {

    private static final Duration DRAIN = Duration.ofSeconds(20);

    /** Exit codes of an orderly end: by itself, and by SIGTERM (128 + 15). */
    private static final int[] CLEAN = {0, 143};

    @TempDir Path folder;

    @Test
    void runningAssociationMayFinishAfterSigtermAndNoNewOneBegins() throws Exception {
        PhantomStudy phantom = PhantomStudy.write(folder.resolve("phantom"));
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
            assertThat(node.log()).contains("stopped in").doesNotContain("WARN", "ERROR");
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

    private static boolean isClosed(int port) {
        try {
            new Sender(port).close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
