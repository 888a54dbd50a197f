package org.negvol.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node, or some of its roles, in a process of its own. */
final class BenchNode implements AutoCloseable {

    /** Heap of a node whose memory is not what is measured. */
    static final String HEAP = "1g";

    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[^\\s]+)");
    private static final Pattern DIMSE = Pattern.compile("takes associations on [^ ]*:(\\d+);");
    private static final int WARM_UP = 5;

    private final Process process;
    private final HttpClient http;
    private final URI base;
    private final int dimsePort;

    private BenchNode(Process process, HttpClient http, URI base, int dimsePort) {
        this.process = process;
        this.http = http;
        this.base = base;
        this.dimsePort = dimsePort;
    }

    /**
     * Starts it and waits until it listens.
     *
     * @param folder holds its data, unless the configuration says otherwise, and its log
     * @param heap its largest size, as {@code -Xmx} takes it
     * @param configuration keys beside those of ports
     */
    static BenchNode start(Path folder, String heap, Map<String, String> configuration)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(folder, "node", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("-Dnegvol.data-dir=" + folder.resolve("data"));
        command.add("-Dnegvol.dimse.port=0");
        command.add("-Dnegvol.dimse.bind-address=127.0.0.1");
        command.add("-Dquarkus.http.port=0");
        configuration.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(
                List.of(
                        "-jar",
                        BenchReceiver.jar()
                                .orElseThrow(
                                        () ->
                                                new CommandProblem(
                                                        "The bench runs from negvol's jar only.")),
                        "serve"));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        long end = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            String said = Files.readString(log);
            Matcher listening = LISTENING.matcher(said);
            if (listening.find()) {
                Matcher dimse = DIMSE.matcher(said);
                return new BenchNode(
                        process,
                        HttpClient.newHttpClient(),
                        URI.create(listening.group(1)),
                        dimse.find() ? Integer.parseInt(dimse.group(1)) : -1);
            }
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new CommandProblem(
                "The node did not start; its log ends with: %s"
                        .formatted(Files.readString(log).lines().reduce("", (a, b) -> b)));
    }

    /** Where it takes associations; -1 if it does not. */
    int dimsePort() {
        return dimsePort;
    }

    /** Processor time so far. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
    }

    /** The most memory it has held so far; empty where the system does not tell. */
    OptionalLong peakMegabytes() {
        return PeakMemory.megabytes(process.toHandle(), PeakMemory.PEAK);
    }

    /** The body of an answer. */
    String get(String path) throws IOException, InterruptedException {
        return new String(answer(path), StandardCharsets.UTF_8);
    }

    private byte[] answer(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).timeout(ANSWER).build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw new CommandProblem(
                    "The node answers %s with %d.".formatted(path, answer.statusCode()));
        }
        return answer.body();
    }

    /** How long answers took, and how long the last one was. */
    record Times(double medianMillis, double p95Millis, long bytes) {}

    /** Asks so often, after a few times that do not count. */
    Times ask(String path, int runs) throws IOException, InterruptedException {
        double[] millis = new double[runs];
        long bytes = 0;
        for (int i = runs > 1 ? -WARM_UP : 0; i < runs; i++) {
            long start = System.nanoTime();
            bytes = answer(path).length;
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        return new Times(millis[runs / 2], millis[(int) (0.95 * (runs - 1))], bytes);
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
