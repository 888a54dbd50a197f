package org.negvol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.negvol.dicom.Tag;

/** DCMTK's storescp as a PACS. */
final class Storescp implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final Process process;

    static boolean isInstalled() {
        return Peers.isInstalled("storescp");
    }

    Storescp(Path folder) throws IOException {
        this(folder, List.of());
    }

    /** One that takes only these SOP classes, uncompressed. */
    static Storescp taking(Path folder, String... sopClasses) throws IOException {
        StringBuilder profile = new StringBuilder();
        profile.append("[[TransferSyntaxes]]\n[Native]\n");
        profile.append("TransferSyntax1 = LocalEndianExplicit\n");
        profile.append("TransferSyntax2 = LittleEndianImplicit\n");
        profile.append("[[PresentationContexts]]\n[Few]\n");
        for (int i = 0; i < sopClasses.length; i++) {
            profile.append("PresentationContext%d = %s\\Native\n".formatted(i + 1, sopClasses[i]));
        }
        profile.append("[[Profiles]]\n[Old]\nPresentationContexts = Few\n");
        Path file =
                Files.writeString(
                        Files.createDirectories(folder).resolve("../storescp.cfg"), profile);
        return new Storescp(folder, List.of("--config-file", file.toString(), "Old"));
    }

    private Storescp(Path folder, List<String> options) throws IOException {
        this.folder = Files.createDirectories(folder);
        port = ResultReceiver.freePort();
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "storescp",
                                "-aet",
                                "DCMTK",
                                "--output-directory",
                                folder.toString()));
        command.addAll(options);
        command.add(Integer.toString(port));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // Without it DCMTK waits 40 ms for Nagle's algorithm now and then.
        builder.environment().put("TCP_NODELAY", "1");
        process = builder.start();
        NodeProcess.await(Duration.ofSeconds(10), "storescp", this::listens);
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return "DCMTK@localhost:" + port;
    }

    List<Path> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which of negvol's objects of a study arrived whole. */
    Set<String> kinds(String studyUid) {
        Set<String> kinds = new TreeSet<>();
        for (Path file : files()) {
            if (!file.getFileName().toString().endsWith(".tmp")
                    && RealScans.header(file)
                            .getString(Tag.StudyInstanceUID, "")
                            .equals(studyUid)) {
                kinds.add(ResultReceiver.kind(file));
            }
        }
        return kinds;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    }
}
