package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.Peers;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * All objects of a result in Orthanc, and from its DICOMweb in Cornerstone3D, the engine of OHIF,
 * in a headless Chromium. Skipped where one of them is not installed or npm has no network. The
 * screenshot stays in {@code target/viewer/viewer.png}.
 */
class ViewerTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);
    private static final Path FOLDER = Path.of("target", "viewer").toAbsolutePath();
    private static final String DICOM_WEB = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
    private static final long PATIENCE_S = 180;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir static Path folder;

    private static final List<Process> PROCESSES = new ArrayList<>();
    private static HttpServer server;
    private static String orthanc;
    private static StudyResult result;

    /** Instances as they were sent, by Orthanc's name for them. */
    private static final Map<String, Path> STORED = new HashMap<>();

    private static final CompletableFuture<JsonNode> SEEN = new CompletableFuture<>();

    @BeforeAll
    static void store() throws Exception {
        Peers.assumeInstalled("Orthanc");
        assumeTrue(Files.exists(Path.of(DICOM_WEB)), "no orthanc-dicomweb on this machine");
        startOrthanc();
        result = ExampleResults.both(GRID);
        List<Path> files =
                new ArrayList<>(
                        ResultFiles.write(
                                        folder.resolve("results"),
                                        result,
                                        ReportOptions.parse("objects=seg+surface+sr+stl+sc+pdf+ko"))
                                .values());
        for (int k = 0; k < GRID.slices(); k++) {
            files.add(slice(k));
        }
        for (Path file : files) {
            HttpResponse<String> answer =
                    HTTP.send(
                            HttpRequest.newBuilder(URI.create(orthanc + "/instances"))
                                    .POST(HttpRequest.BodyPublishers.ofFile(file))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            STORED.put(JSON.readTree(answer.body()).path("ID").asText(), file);
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (server != null) {
            server.stop(0);
        }
        for (Process process : PROCESSES) {
            // Chromium's own processes write into its profile until the last of them has ended.
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            for (ProcessHandle child : children) {
                child.destroyForcibly();
                child.onExit().completeOnTimeout(child, 10, TimeUnit.SECONDS).join();
            }
        }
    }

    @Test
    void orthancGivesBackWhatItStored() throws Exception {
        assertThat(STORED).hasSize(GRID.slices() + 7);
        for (Map.Entry<String, Path> stored : STORED.entrySet()) {
            byte[] file =
                    HTTP.send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            orthanc
                                                                    + "/instances/"
                                                                    + stored.getKey()
                                                                    + "/file"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body();
            assertThat(file).as(stored.getValue().toString()).isEqualTo(bytes(stored.getValue()));
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.readAllBytes(file);
    }

    @Test
    void viewerShowsTheSegmentationOverTheImagesAndListsTheNumbers() throws Exception {
        Peers.assumeInstalled("chromium", "npm");
        bundle();
        serve();
        Path profile = folder.resolve("chromium");
        Process chromium =
                process(
                        folder.resolve("chromium.log"),
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-dev-shm-usage",
                        "--use-angle=swiftshader",
                        "--enable-unsafe-swiftshader",
                        "--window-size=1260,840",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--remote-allow-origins=*",
                        "--user-data-dir=" + profile,
                        "http://127.0.0.1:%d/index.html?study=%s"
                                .formatted(
                                        server.getAddress().getPort(),
                                        result.source()
                                                .firstImage()
                                                .getString(Tag.StudyInstanceUID)));
        JsonNode seen;
        try {
            seen = SEEN.get(PATIENCE_S, TimeUnit.SECONDS);
        } finally {
            if (chromium.isAlive()) {
                Files.write(FOLDER.resolve("viewer.png"), screenshot(profile));
            }
        }
        assertThat(seen.path("failure").asText()).isEmpty();
        assertSegments(seen.path("segments"));
        // The overlay is what has a colour in a picture of a CT.
        assertThat(seen.path("colouredBefore").asInt()).isZero();
        assertThat(seen.path("coloured").asInt()).isGreaterThan(3000);
        for (String hue : List.of("orange", "blue", "pink")) {
            assertThat(seen.path("hues").path(hue).asInt()).as(hue).isGreaterThan(300);
        }
        assertNumbers(seen.path("groups"));
        assertThat(seen.path("surfaces")).hasSize(6);
        for (JsonNode surface : seen.path("surfaces")) {
            assertThat(surface.path("coordinateBytes").asInt())
                    .isEqualTo(12 * surface.path("points").asInt());
        }
    }

    /** As many voxels of each segment as the masks have. */
    private static void assertSegments(JsonNode segments) {
        Map<String, Long> expected = new TreeMap<>();
        for (Segment segment : Segment.of(result, new ResultIdentity(result))) {
            SegmentMasks masks =
                    SegmentMasks.of(result.joint(segment.side()).orElseThrow().surfaces(), GRID);
            expected.put(segment.label(), masks.count(segment.kind().label()));
        }
        Map<String, Long> shown = new TreeMap<>();
        segments.forEach(s -> shown.put(s.path("label").asText(), s.path("voxels").asLong()));
        assertThat(shown).isEqualTo(expected);
    }

    private static void assertNumbers(JsonNode groups) {
        Map<String, Double> shown = new HashMap<>();
        groups.forEach(
                g ->
                        g.path("numbers")
                                .forEach(
                                        n ->
                                                shown.put(
                                                        g.path("name").asText()
                                                                + "|"
                                                                + n.path("name").asText(),
                                                        n.path("value").asDouble())));
        int numbers =
                result.symmetry().measurements().size()
                        + result.joints().stream()
                                .mapToInt(j -> j.measures().measurements().size())
                                .sum();
        int listed = 0;
        for (JsonNode group : groups) {
            listed += group.path("numbers").size();
        }
        assertThat(listed).isGreaterThanOrEqualTo(numbers);
        for (Side side : Side.values()) {
            double volume =
                    result.joint(side)
                            .orElseThrow()
                            .measures()
                            .value(org.negvol.measure.Measure.NEGATIVE_VOLUME)
                            .orElseThrow();
            assertThat(shown.get(ResultWords.of(side) + " negative volume|Volume"))
                    .as("%s in %s", side, shown)
                    .isCloseTo(volume, within(0.01));
        }
    }

    // Orthanc

    private static void startOrthanc() throws Exception {
        int port = freePort();
        Path configuration = folder.resolve("orthanc.json");
        JSON.writeValue(
                configuration.toFile(),
                Map.of(
                        "StorageDirectory",
                        folder.resolve("orthanc").toString(),
                        "IndexDirectory",
                        folder.resolve("orthanc").toString(),
                        "HttpPort",
                        port,
                        "DicomServerEnabled",
                        false,
                        "AuthenticationEnabled",
                        false,
                        // Kept connections are closed under a client that just wrote to one.
                        "KeepAlive",
                        false,
                        "RemoteAccessAllowed",
                        false,
                        "Plugins",
                        List.of(DICOM_WEB)));
        orthanc = "http://127.0.0.1:" + port;
        process(folder.resolve("orthanc.log"), "Orthanc", configuration.toString());
        for (int i = 0; i < 150; i++) {
            try {
                HTTP.send(
                        HttpRequest.newBuilder(URI.create(orthanc + "/system")).build(),
                        HttpResponse.BodyHandlers.discarding());
                return;
            } catch (IOException e) {
                Thread.sleep(200);
            }
        }
        throw new AssertionError(Files.readString(folder.resolve("orthanc.log")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A slice of the example: air, tissue and the two bones of either joint. */
    private static Path slice(int k) {
        Attributes ds = new Attributes(result.source().images().get(k).header());
        byte[] pixels = new byte[2 * GRID.columns() * GRID.rows()];
        for (int j = 0; j < GRID.rows(); j++) {
            for (int i = 0; i < GRID.columns(); i++) {
                Vec3 p = GRID.toPatient(i, j, k);
                int hu = Math.hypot(p.x() / 80, p.y() / 40) < 1 ? 40 : -1000;
                for (Side side : Side.values()) {
                    if (Math.min(
                                    ExampleResults.condyleMm(p, side),
                                    ExampleResults.temporalMm(p, side))
                            < 0) {
                        hu = 1200;
                    }
                }
                int at = 2 * (i + GRID.columns() * j);
                pixels[at] = (byte) hu;
                pixels[at + 1] = (byte) (hu >> 8);
            }
        }
        ds.setBytes(Tag.PixelData, VR.OW, pixels);
        return ResultFiles.write(folder.resolve("ct%03d.dcm".formatted(k)), ds);
    }

    // The page

    /** The viewer and its packages in one file; kept for the next run. */
    private static void bundle() throws Exception {
        Files.createDirectories(FOLDER);
        for (String name : List.of("package.json", "viewer.js", "index.html")) {
            try (InputStream in = ViewerTest.class.getResourceAsStream("viewer/" + name)) {
                Files.write(FOLDER.resolve(name), in.readAllBytes());
            }
        }
        Process install =
                new ProcessBuilder("npm", "install", "--no-audit", "--no-fund", "--prefer-offline")
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(FOLDER.resolve("npm.log").toFile())
                        .start();
        assumeTrue(
                install.waitFor(PATIENCE_S, TimeUnit.SECONDS) && install.exitValue() == 0,
                "npm cannot install the viewer: " + FOLDER.resolve("npm.log"));
        Process esbuild =
                new ProcessBuilder(
                                "node_modules/.bin/esbuild",
                                "viewer.js",
                                "node_modules/@cornerstonejs/dicom-image-loader/dist/esm/decodeImageFrameWorker.js",
                                "--bundle",
                                "--format=esm",
                                "--outdir=dist",
                                "--entry-names=[name]",
                                "--define:global=window",
                                "--external:fs",
                                "--external:path")
                        .directory(FOLDER.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(FOLDER.resolve("esbuild.log").toFile())
                        .start();
        assertThat(esbuild.waitFor()).as(Files.readString(FOLDER.resolve("esbuild.log"))).isZero();
    }

    /** The page, and Orthanc's DICOMweb below the same origin. */
    private static void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", ViewerTest::page);
        server.createContext("/dicom-web", ViewerTest::dicomWeb);
        server.createContext(
                "/seen",
                exchange -> {
                    SEEN.complete(JSON.readTree(exchange.getRequestBody().readAllBytes()));
                    answer(exchange, 200, "text/plain", new byte[0]);
                });
        server.start();
    }

    private static void page(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(1);
        Path file = FOLDER.resolve(name.endsWith(".js") ? "dist/" + name : name).normalize();
        if (!file.startsWith(FOLDER) || !Files.isRegularFile(file)) {
            answer(exchange, 404, "text/plain", new byte[0]);
            return;
        }
        answer(
                exchange,
                200,
                name.endsWith(".js") ? "text/javascript" : "text/html",
                Files.readAllBytes(file));
    }

    private static void dicomWeb(HttpExchange exchange) throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(orthanc + exchange.getRequestURI()));
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        if (accept != null) {
            request.header("Accept", accept);
        }
        try {
            HttpResponse<byte[]> answer =
                    HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            answer(
                    exchange,
                    answer.statusCode(),
                    answer.headers().firstValue("Content-Type").orElse("text/plain"),
                    answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    // Chromium

    private static Process process(Path log, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        PROCESSES.add(process);
        return process;
    }

    /** What Chromium shows, by its debugging protocol. */
    private static byte[] screenshot(Path profile) throws Exception {
        String port = Files.readAllLines(profile.resolve("DevToolsActivePort")).getFirst();
        JsonNode pages =
                JSON.readTree(
                        HTTP.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                "http://127.0.0.1:%s/json/list"
                                                                        .formatted(port)))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
        CompletableFuture<String> answer = new CompletableFuture<>();
        WebSocket socket =
                HTTP.newWebSocketBuilder()
                        .buildAsync(
                                URI.create(page(pages)),
                                new WebSocket.Listener() {
                                    private final StringBuilder text = new StringBuilder();

                                    @Override
                                    public CompletionStage<?> onText(
                                            WebSocket from, CharSequence part, boolean last) {
                                        text.append(part);
                                        if (last) {
                                            answer.complete(text.toString());
                                        }
                                        from.request(1);
                                        return null;
                                    }
                                })
                        .get(30, TimeUnit.SECONDS);
        socket.sendText("{\"id\":1,\"method\":\"Page.captureScreenshot\"}", true);
        try {
            return Base64.getDecoder()
                    .decode(
                            JSON.readTree(answer.get(60, TimeUnit.SECONDS))
                                    .path("result")
                                    .path("data")
                                    .asText());
        } finally {
            socket.abort();
        }
    }

    private static String page(JsonNode pages) {
        for (JsonNode page : pages) {
            if (page.path("type").asText().equals("page")) {
                return page.path("webSocketDebuggerUrl").asText();
            }
        }
        throw new AssertionError("no page in " + pages);
    }
}
