package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** negvol as an operator starts it: the built jar in a process of its own, on free ports. */
public final class NodeProcess implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(180);
    private static final Pattern DIMSE = Pattern.compile("takes associations on [^ ]*:(\\d+);");
    private static final Pattern HTTP = Pattern.compile("Listening on: http://[^ ]*:(\\d+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path dataDir;
    private final Path log;
    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final int dimsePort;
    private final int httpPort;

    private NodeProcess(Path folder, Map<String, String> configuration) throws IOException {
        String jar = System.getProperty("negvol.jar");
        assertThat(jar).as("system property negvol.jar: where the built jar is").isNotNull();
        dataDir = folder.resolve("data");
        log = Files.createTempFile(folder, "node", ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx1g");
        command.add("-Dnegvol.data-dir=" + dataDir);
        command.add("-Dnegvol.dimse.port=0");
        command.add("-Dquarkus.http.port=0");
        configuration.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar));
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        httpPort = port(HTTP);
        dimsePort = log().contains("takes no associations") ? -1 : port(DIMSE);
    }

    /**
     * Starts a node and waits until it is ready.
     *
     * @param folder holds the data folder {@code data} and the logs
     * @param configuration keys beside those of the ports and the data folder
     */
    public static NodeProcess start(Path folder, Map<String, String> configuration)
            throws IOException {
        return new NodeProcess(folder, configuration);
    }

    /**
     * Keys that lead a node to a PostgreSQL that runs outside of it.
     *
     * @param server the folder it was started over
     */
    public static Map<String, String> databaseKeys(Connection database, Path server)
            throws SQLException, IOException {
        return Map.of(
                "quarkus.datasource.jdbc.url", database.getMetaData().getURL(),
                "quarkus.datasource.username", database.getMetaData().getUserName(),
                "quarkus.datasource.password",
                        Files.readString(server.resolve("password")).strip());
    }

    private int port(Pattern line) {
        String[] found = new String[1];
        await(
                START,
                "the node to start",
                () -> {
                    Matcher m = line.matcher(log());
                    if (m.find()) {
                        found[0] = m.group(1);
                    }
                    assertThat(process.isAlive()).as(log()).isTrue();
                    return found[0] != null;
                });
        return Integer.parseInt(found[0]);
    }

    public int dimsePort() {
        return dimsePort;
    }

    /** Everything the node said so far. */
    public String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The warnings and errors of the log, but for Vert.x' notes that this machine is too busy for
     * it.
     */
    public List<String> complaints() {
        return log().lines()
                .filter(l -> l.contains(" WARN ") || l.contains(" ERROR "))
                .filter(l -> !l.contains("BlockedThreadChecker"))
                .toList();
    }

    /** All lines of the audit trail. */
    public List<String> auditTrail() {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> days = Files.list(dataDir.resolve("audit"))) {
            for (Path day : days.filter(f -> f.toString().endsWith(".log")).toList()) {
                lines.addAll(Files.readAllLines(day));
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A path of the node's HTTP server. */
    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort).resolve(path);
    }

    /** Answer of the node to GET. */
    public HttpResponse<String> get(String path) {
        return ask("GET", path, null);
    }

    /**
     * Answer of the node to a request without a body.
     *
     * @param token sent as bearer token; null for none
     */
    public HttpResponse<String> ask(String method, String path, @Nullable String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .timeout(Duration.ofSeconds(30));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public JsonNode json(String path) {
        try {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until a study is in one of some states; gives it as REST shows it. */
    public JsonNode awaitStudy(String uid, Duration atMost, String... states) {
        return awaitStudy(uid, atMost, s -> Set.of(states).contains(s.path("state").asText()));
    }

    /** Waits until a study is as wanted; gives it as REST shows it. */
    public JsonNode awaitStudy(String uid, Duration atMost, Predicate<JsonNode> wanted) {
        JsonNode[] study = new JsonNode[1];
        await(
                atMost,
                "study " + uid,
                () -> {
                    HttpResponse<String> answer = get("/api/studies/" + uid);
                    if (answer.statusCode() != 200) {
                        return false;
                    }
                    try {
                        study[0] = JSON.readTree(answer.body());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return wanted.test(study[0]);
                });
        return study[0];
    }

    /** Waits until the log says something. */
    public void awaitLog(String text, Duration atMost) {
        await(atMost, "the log to say " + text, () -> log().contains(text));
    }

    /** As the kernel's out-of-memory killer or a power failure of the process. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /**
     * Kills the PostgreSQL that this node has started.
     *
     * @param server the server itself, or one of the processes that serve its connections
     * @return false if it does not run
     */
    public boolean killDatabase(boolean server) throws IOException {
        Path pidFile = dataDir.resolve("postgresql/cluster/postmaster.pid");
        if (!Files.exists(pidFile)) {
            return false;
        }
        Optional<ProcessHandle> postgres =
                ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).getFirst()));
        Optional<ProcessHandle> victim =
                server
                        ? postgres
                        : postgres.stream()
                                .flatMap(ProcessHandle::children)
                                // Those of connections began last.
                                .max(Comparator.comparing(ProcessHandle::pid));
        return victim.map(ProcessHandle::destroyForcibly).orElse(false);
    }

    /** SIGTERM, without waiting. */
    public void terminate() {
        process.destroy();
    }

    /** Waits for the end; gives the exit code. */
    public int awaitExit(Duration atMost) throws InterruptedException {
        assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .as("ended within %s", atMost)
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }

    /** Parts of instances in the data folder: there are some only while something is received. */
    public static List<Path> temporaryFiles(Path folder) {
        Path incoming = folder.resolve("data").resolve("archive").resolve("incoming");
        try (Stream<Path> all = Files.walk(incoming)) {
            return all.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().equals("lock"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks again and again until it is so. */
    public static void await(Duration atMost, String what, java.util.function.BooleanSupplier so) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited %s for %s", atMost, what).isLessThan(end);
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
