package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;

/** Killed at the worst moments, the node loses nothing and delivers once. */
class CrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    @TempDir static Path phantomFolder;

    private static PhantomStudy phantom;

    @TempDir Path folder;

    @BeforeAll
    static void write() {
        phantom = PhantomStudy.write(phantomFolder);
    }

    @Test
    void killedWhileReceivingTheNodeHasEveryAcknowledgedInstance() throws Exception {
        Map<String, String> quiet = Map.of("negvol.workflow.quiet-period", "1h");
        List<String> acknowledged;
        try (NodeProcess node = NodeProcess.start(folder, quiet);
                Sender scanner = new Sender(node.dimsePort())) {
            assertThat(scanner.send(phantom.files().subList(0, 20))).isEmpty();
            Thread killer =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        while (scanner.acknowledged().size() < 30) {
                                            Thread.onSpinWait();
                                        }
                                        node.kill();
                                    });
            assertThat(scanner.send(phantom.files().subList(20, phantom.files().size())))
                    .as("the association breaks")
                    .isPresent();
            killer.join();
            acknowledged = scanner.acknowledged();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(30);
        byte[] whole = Files.readAllBytes(phantom.files().getLast());
        List<Path> torn = new ArrayList<>();
        for (int length : new int[] {0, 100, 200, 1000, whole.length / 2}) {
            torn.add(tornFile(Arrays.copyOf(whole, length), "1.2.3." + length));
        }
        try (NodeProcess node = NodeProcess.start(folder, quiet)) {
            JsonNode study =
                    node.awaitStudy(
                            phantom.uid(),
                            PATIENCE,
                            s ->
                                    s.path("series").path(0).path("instances").asInt()
                                            >= acknowledged.size());
            assertThat(study.path("state").asText()).isEqualTo("RECEIVED");
            NodeProcess.await(
                    PATIENCE, "the torn files' end", () -> torn.stream().noneMatch(Files::exists));
            Map<String, Attributes> stored = stored(folder);
            assertThat(stored.keySet()).containsAll(acknowledged);
            for (Path file : phantom.files()) {
                Attributes sent = read(file);
                String uid = sent.getString(Tag.SOPInstanceUID, "");
                if (stored.containsKey(uid)) {
                    assertThat(stored.get(uid)).as(uid).isEqualTo(sent);
                }
            }
            assertThat(NodeProcess.temporaryFiles(folder)).isEmpty();
        }
    }

    @Test
    void killedWhileProcessingAndAgainWhileDeliveringTheNodeDeliversOneResult() throws Exception {
        try (ResultReceiver pacs = new ResultReceiver(folder.resolve("pacs"))) {
            Map<String, String> configuration = Map.of("negvol.destinations.pacs", pacs.address());
            try (NodeProcess node = NodeProcess.start(folder, configuration)) {
                try (Sender scanner = new Sender(node.dimsePort())) {
                    assertThat(scanner.send(phantom.files())).isEmpty();
                }
                node.awaitStudy(phantom.uid(), PATIENCE, "PROCESSING");
                node.kill();
            }
            AtomicBoolean killed = new AtomicBoolean();
            try (NodeProcess node = NodeProcess.start(folder, configuration)) {
                pacs.beforeAnswer(
                        uid -> {
                            if (pacs.stores().size() == 2 && killed.compareAndSet(false, true)) {
                                node.kill();
                            }
                        });
                NodeProcess.await(PATIENCE, "the second kill", killed::get);
            }
            try (NodeProcess node = NodeProcess.start(folder, configuration)) {
                JsonNode study =
                        node.awaitStudy(
                                phantom.uid(),
                                PATIENCE,
                                s ->
                                        s.findValues("deliveries").size() == 3
                                                && s.findValues("deliveries").stream()
                                                        .allMatch(
                                                                d ->
                                                                        d.path(0)
                                                                                .path("state")
                                                                                .asText()
                                                                                .equals(
                                                                                        "DELIVERED")));
                assertThat(study.path("state").asText()).isIn("DONE", "DEGRADED");
                assertThat(study.findValues("revision")).hasSize(1);
                assertThat(
                                study.path("series")
                                        .path(0)
                                        .path("jobs")
                                        .path(0)
                                        .path("attempts")
                                        .asInt())
                        .isEqualTo(2);
                // The object whose answer was lost came again under its UID; no other did.
                assertThat(pacs.byKind(phantom.uid()).keySet())
                        .containsExactlyInAnyOrder("SEG", "SURFACE", "SR");
                assertThat(pacs.stores().values().stream().sorted()).containsExactly(1, 1, 2);
                Validators.assertValid(pacs.byKind(phantom.uid()).values());
                assertThat(NodeProcess.temporaryFiles(folder)).isEmpty();
            }
        }
    }

    @Test
    void whatWasAcknowledgedWhileTheDatabaseWasGoneIsIndexedWhenItIsBack() throws Exception {
        try (NodeProcess node =
                        NodeProcess.start(folder, Map.of("negvol.workflow.quiet-period", "1h"));
                Sender scanner = new Sender(node.dimsePort())) {
            assertThat(scanner.send(phantom.files().subList(0, 20))).isEmpty();
            assertThat(node.killDatabase(true)).isTrue();
            assertThat(scanner.send(phantom.files().subList(20, phantom.files().size()))).isEmpty();
            List<String> acknowledged = scanner.acknowledged();
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(20);
            node.awaitStudy(
                    phantom.uid(),
                    PATIENCE,
                    s -> s.path("series").path(0).path("instances").asInt() >= acknowledged.size());
            // It takes more again.
            assertThat(scanner.send(phantom.files())).isEmpty();
            assertThat(Set.copyOf(scanner.acknowledged())).hasSize(phantom.files().size());
        }
    }

    /** A name without all of its bytes, as a loss of power may leave it. */
    private Path tornFile(byte[] part, String sopInstanceUid) throws IOException {
        Path series;
        try (Stream<Path> all = Files.walk(folder.resolve("data").resolve("archive"))) {
            series =
                    all.filter(f -> f.getFileName().toString().endsWith(".dcm"))
                            .findFirst()
                            .orElseThrow()
                            .getParent();
        }
        return Files.write(series.resolve(sopInstanceUid + "-0123456789abcdef.dcm"), part);
    }

    /** The data sets of the archive, by SOP instance. */
    private static Map<String, Attributes> stored(Path folder) throws IOException {
        Map<String, Attributes> stored = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder.resolve("data").resolve("archive"))) {
            all.filter(Files::isRegularFile)
                    .filter(f -> f.getFileName().toString().endsWith(".dcm"))
                    .map(CrashIT::read)
                    .forEach(a -> stored.put(a.getString(Tag.SOPInstanceUID, ""), a));
        }
        return stored;
    }

    private static Attributes read(Path file) {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return in.readDataset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
