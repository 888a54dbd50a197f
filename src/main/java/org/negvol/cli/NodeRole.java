package org.negvol.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The node, or a role of it, in a process of its own. */
final class NodeRole implements AutoCloseable {

    static final String AE_TITLE = "NEGVOL";

    private static final Duration START = Duration.ofMinutes(3);
    private static final Pattern DIMSE = Pattern.compile("takes associations on [^ ]*:(\\d+);");
    private static final Pattern READY = Pattern.compile("Listening on: http");

    private final Process process;
    private final int dimsePort;

    private NodeRole(Process process, int dimsePort) {
        this.process = process;
        this.dimsePort = dimsePort;
    }

    /**
     * Starts the jar that this process was started from.
     *
     * @param folder where its log goes
     * @param role of {@code negvol.roles}
     * @param configuration further keys
     * @throws CommandProblem if this process was not started from the jar, or that one does not
     *     start
     */
    static NodeRole start(Path folder, String role, Map<String, String> configuration)
            throws IOException, InterruptedException {
        String jar = System.getProperty("java.class.path", "");
        if (!jar.endsWith(".jar") || jar.contains(File.pathSeparator)) {
            throw new CommandProblem("negvol runs from classes here; this needs its jar.");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        configuration.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(
                List.of(
                        "-Dnegvol.ae-title=" + AE_TITLE,
                        "-Dnegvol.roles=" + role,
                        "-Dnegvol.dimse.port=0",
                        "-Dnegvol.dimse.bind-address=127.0.0.1",
                        "-Dquarkus.http.port=0",
                        "-jar",
                        jar,
                        "serve"));
        Path log = Files.createTempFile(folder, role, ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long end = System.nanoTime() + START.toNanos();
        String said = "";
        while (!READY.matcher(said).find()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new CommandProblem("The %s does not start: %s".formatted(role, said));
            }
            Thread.sleep(100);
            said = Files.readString(log);
        }
        Matcher port = DIMSE.matcher(said);
        return new NodeRole(process, port.find() ? Integer.parseInt(port.group(1)) : -1);
    }

    /** Where it takes associations; -1 if it does not. */
    int dimsePort() {
        return dimsePort;
    }

    /** Processor time so far. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
