package org.negvol.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.UID;
import org.negvol.dimse.AccessControl;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseStatus;

/** Something that takes images, started for the measurement and ended after it. */
final class BenchReceiver implements AutoCloseable {

    private static final String AET = "BENCH";
    private static final Duration START = Duration.ofSeconds(90);

    private final String name;
    private final int port;
    private final @Nullable Process process;
    private final @Nullable DimseServer server;

    private BenchReceiver(
            String name, int port, @Nullable Process process, @Nullable DimseServer server) {
        this.name = name;
        this.port = port;
        this.process = process;
        this.server = server;
    }

    /** A receiver that can be started. */
    interface Kind {
        /** What it is called on the command line. */
        String id();

        /** What it is called in the table. */
        String name();

        /** Why it cannot be started here; empty if it can. */
        Optional<String> missing();

        /** Starts it and waits until it answers. */
        BenchReceiver start(Path folder) throws IOException;
    }

    /** All that are known, in the order of the table. */
    static List<Kind> kinds() {
        return List.of(
                sink(),
                program("DCMTK storescp", "storescp", BenchReceiver::storescp),
                program("DCMTK dcmqrscp", "dcmqrscp", BenchReceiver::dcmqrscp),
                program("Orthanc", "Orthanc", BenchReceiver::orthanc),
                node("negvol-no-fsync", "negvol, no fsync", false),
                node("negvol", "negvol", true));
    }

    String name() {
        return name;
    }

    AssociateOptions call() {
        return AssociateOptions.to("127.0.0.1", port, AET, "BENCHSCU");
    }

    /** Memory that the process holds, in MB; empty for what runs in this process. */
    Optional<Long> residentMegabytes() {
        return megabytes(PeakMemory.NOW);
    }

    /**
     * Most memory that the process has held since {@link #forgetPeak}, in MB; empty for what runs
     * in this process.
     */
    Optional<Long> peakMegabytes() {
        return megabytes(PeakMemory.PEAK);
    }

    /** Lets the peak begin anew; without effect where the system knows no such thing. */
    void forgetPeak() {
        Process running = process;
        if (running == null) {
            return;
        }
        try {
            // proc(5): 5 resets the peak resident set size.
            Files.writeString(Path.of("/proc/" + running.pid() + "/clear_refs"), "5");
        } catch (IOException unknownHere) {
            return;
        }
    }

    private Optional<Long> megabytes(String line) {
        return Optional.ofNullable(process)
                .map(p -> PeakMemory.megabytes(p.toHandle(), line))
                .flatMap(m -> m.isPresent() ? Optional.of(m.getAsLong()) : Optional.empty());
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        if (process != null) {
            process.destroy();
            process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
            process.destroyForcibly();
        }
    }

    private static Kind kind(String id, String name, @Nullable String missing, Starter starter) {
        return new Kind() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public Optional<String> missing() {
                return Optional.ofNullable(missing);
            }

            @Override
            public BenchReceiver start(Path folder) throws IOException {
                return starter.start(name, folder);
            }
        };
    }

    private interface Starter {
        BenchReceiver start(String name, Path folder) throws IOException;
    }

    private interface CommandLine {
        List<String> of(Path folder, int port) throws IOException;
    }

    /** Throws away what it gets: the most that our own network layer can do. */
    private static Kind sink() {
        return kind(
                "network",
                "negvol's network layer alone",
                null,
                (name, folder) -> {
                    CStoreHandler nowhere = (rq, dataset) -> DimseStatus.SUCCESS;
                    DimseServer server =
                            DimseServer.start(
                                    DimseServerOptions.of(AET, 0)
                                            .withBindAddress(InetAddress.getLoopbackAddress()),
                                    AccessControl.acceptAny(),
                                    List.of(nowhere));
                    return new BenchReceiver(name, server.port(), null, server);
                });
    }

    private static Kind program(String name, String program, CommandLine command) {
        String path = System.getenv().getOrDefault("PATH", "");
        boolean found = false;
        for (String place :
                (path + File.pathSeparator + "/usr/sbin").split(File.pathSeparator, -1)) {
            found |= Files.isExecutable(Path.of(place, program));
        }
        return kind(
                program.toLowerCase(Locale.ROOT),
                name,
                found ? null : program + " is not installed",
                (n, folder) -> start(n, folder, command));
    }

    private static BenchReceiver start(String name, Path folder, CommandLine command)
            throws IOException {
        int port = freePort();
        Process process =
                new ProcessBuilder(command.of(folder, port))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        BenchReceiver receiver = new BenchReceiver(name, port, process, null);
        try {
            receiver.awaitAnswer(process, folder.resolve("log"));
            return receiver;
        } catch (IOException e) {
            receiver.close();
            throw e;
        }
    }

    private void awaitAnswer(Process running, Path log) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        AssociateOptions options = call().propose(UID.Verification, UID.ImplicitVRLittleEndian);
        while (true) {
            try (Association association = Association.open(options)) {
                if (association.echo().isSuccess()) {
                    return;
                }
            } catch (IOException e) {
                if (!running.isAlive() || System.nanoTime() > end) {
                    throw new IOException("%s does not start; see %s".formatted(name, log), e);
                }
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }

    private static List<String> storescp(Path folder, int port) throws IOException {
        Path out = Files.createDirectory(folder.resolve("files"));
        return List.of(
                "storescp",
                "-aet",
                AET,
                "--max-pdu",
                "131072",
                "--fork",
                "-od",
                out.toString(),
                Integer.toString(port));
    }

    private static List<String> dcmqrscp(Path folder, int port) throws IOException {
        Path files = Files.createDirectory(folder.resolve("files"));
        Path config =
                Files.writeString(
                        folder.resolve("dcmqrscp.cfg"),
                        """
                        MaxPDUSize = 131072
                        MaxAssociations = 16
                        HostTable BEGIN
                        HostTable END
                        VendorTable BEGIN
                        VendorTable END
                        AETable BEGIN
                        %s %s RW (200, 100000mb) ANY
                        AETable END
                        """
                                .formatted(AET, files));
        return List.of("dcmqrscp", "-c", config.toString(), Integer.toString(port));
    }

    private static List<String> orthanc(Path folder, int port) throws IOException {
        Path config =
                Files.writeString(
                        folder.resolve("orthanc.json"),
                        """
                        {
                          "Name": "bench",
                          "StorageDirectory": "%s",
                          "IndexDirectory": "%s",
                          "DicomAet": "%s",
                          "DicomPort": %d,
                          "HttpServerEnabled": false,
                          "DicomAlwaysAllowEcho": true,
                          "DicomAlwaysAllowStore": true,
                          "DicomCheckCalledAet": false,
                          "Plugins": []
                        }
                        """
                                .formatted(folder, folder, AET, port));
        return List.of("Orthanc", config.toString());
    }

    /** The node in a process of its own, started from the jar that this process was. */
    private static Kind node(String id, String name, boolean fsync) {
        Optional<String> jar = jar();
        return kind(
                id,
                name,
                jar.isPresent() ? null : "negvol runs from classes here, not from its jar",
                (n, folder) ->
                        start(n, folder, (f, port) -> node(f, port, jar.orElseThrow(), fsync)));
    }

    /** The jar that this process was started from; empty where it runs from classes. */
    static Optional<String> jar() {
        String path = System.getProperty("java.class.path", "");
        return path.endsWith(".jar") && !path.contains(File.pathSeparator)
                ? Optional.of(path)
                : Optional.empty();
    }

    private static List<String> node(Path folder, int port, String jar, boolean fsync) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Map.of(
                        "negvol.ae-title",
                        AET,
                        "negvol.data-dir",
                        folder.resolve("data").toString(),
                        "negvol.dimse.port",
                        Integer.toString(port),
                        "negvol.dimse.bind-address",
                        "127.0.0.1",
                        "negvol.archive.fsync",
                        Boolean.toString(fsync),
                        // What is sent is no study: nothing is to be processed meanwhile.
                        "negvol.workflow.quiet-period",
                        "1h",
                        "quarkus.http.port",
                        "0")
                .forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar, "serve"));
        return command;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
