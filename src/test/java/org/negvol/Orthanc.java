package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Orthanc as a PACS and as a modality; needs it in /usr/sbin. Each request has a connection of its
 * own: now and then Orthanc closes a connection it had promised to keep, and a POST on it is lost.
 */
final class Orthanc implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/Orthanc");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int httpPort = ResultReceiver.freePort();
    private final int dicomPort;
    private final Process process;

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * @param dicomPort where it listens, as ORTHANC
     * @param nodePort where the node listens that it knows as "negvol"
     */
    Orthanc(Path folder, int dicomPort, int nodePort) throws IOException {
        this.dicomPort = dicomPort;
        Path config =
                Files.writeString(
                        Files.createDirectories(folder).resolve("orthanc.json"),
                        """
                        {
                          "Name": "interop",
                          "StorageDirectory": "%s",
                          "IndexDirectory": "%s",
                          "DicomAet": "ORTHANC",
                          "DicomPort": %d,
                          "HttpPort": %d,
                          "KeepAlive": false,
                          "RemoteAccessAllowed": false,
                          "AuthenticationEnabled": false,
                          "DicomAlwaysAllowEcho": true,
                          "DicomAlwaysAllowStore": true,
                          "DicomModalities": {"negvol": ["NEGVOL", "127.0.0.1", %d]},
                          "Plugins": []
                        }
                        """
                                .formatted(folder, folder, dicomPort, httpPort, nodePort));
        process =
                new ProcessBuilder(PROGRAM.toString(), "--verbose", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("orthanc.log").toFile())
                        .start();
        NodeProcess.await(Duration.ofSeconds(30), "Orthanc", this::answers);
    }

    private boolean answers() {
        try {
            return get("/system").path("DicomPort").asInt() == dicomPort;
        } catch (IOException notYet) {
            return false;
        }
    }

    JsonNode get(String path) throws IOException {
        return ask(HttpRequest.newBuilder(uri(path)).GET().build());
    }

    JsonNode post(String path, String body) throws IOException {
        return post(path, HttpRequest.BodyPublishers.ofString(body));
    }

    /** Takes an instance by its own protocol. */
    JsonNode upload(Path file) throws IOException {
        return post("/instances", HttpRequest.BodyPublishers.ofByteArray(Files.readAllBytes(file)));
    }

    private JsonNode post(String path, HttpRequest.BodyPublisher body) throws IOException {
        return ask(HttpRequest.newBuilder(uri(path)).POST(body).build());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + httpPort + path);
    }

    private JsonNode ask(HttpRequest request) throws IOException {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(request + ": " + answer.body()).isEqualTo(200);
            return answer.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(answer.body());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
