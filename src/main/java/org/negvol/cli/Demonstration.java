package org.negvol.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.negvol.config.RemoteAe;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.ScanArtefacts;

/**
 * Plays scanner and user of a node: sends a scan by C-STORE, watches the node's REST interface as
 * any user could, and waits until the results have come out at the PACS.
 */
final class Demonstration implements AutoCloseable {

    /** As fine as cone-beam scanners take the joints. */
    private static final double VOXEL_MM = 0.5;

    private static final Duration POLL = Duration.ofMillis(50);

    /** The node's own tries and timeouts are shorter. */
    private static final Duration PATIENCE_WITHOUT_CHANGE = Duration.ofMinutes(10);

    private static final Duration PATIENCE_FOR_PICTURE = Duration.ofSeconds(30);

    private static final String CALLING_AET = "DEMO_SCANNER";

    private final @Nullable Path input;
    private final Path folder;
    private final ReceivingPacs pacs;
    private final PrintWriter console;
    private final ExecutorService background = Executors.newSingleThreadExecutor();
    private final @Nullable Future<HeadPhantom> phantom;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    /**
     * Begins with the phantom at once, while the node starts.
     *
     * @param input DICOM files to send; null makes a phantom
     * @param folder where everything is put
     */
    Demonstration(@Nullable Path input, Path folder, ReceivingPacs pacs, PrintWriter console) {
        this.input = input;
        this.folder = folder;
        this.pacs = pacs;
        this.console = console;
        phantom = input == null ? background.submit(this::phantom) : null;
    }

    private Path scan() {
        return input == null ? folder.resolve("scan") : input;
    }

    private HeadPhantom phantom() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        PhantomCommand.write(
                head,
                PhantomScan.axial(head, PhantomScan.FieldOfView.JOINTS, VOXEL_MM, VOXEL_MM, 0),
                ScanArtefacts.NONE,
                scan(),
                console);
        return head;
    }

    /**
     * Shows everything.
     *
     * @param dimsePort where the node takes associations
     * @param httpPort where it answers to HTTP
     * @return the exit code
     */
    int show(int dimsePort, int httpPort) throws InterruptedException, IOException {
        HeadPhantom head = phantom == null ? null : result(phantom);
        RemoteAe node = new RemoteAe("node", "NEGVOL", "127.0.0.1", dimsePort);
        List<FolderSender.Item> items = FolderSender.items(scan());
        Progress sending =
                new Progress(
                        console,
                        "Sending %d images by C-STORE".formatted(items.size()),
                        items.size());
        FolderSender.Report report = FolderSender.send(items, node, CALLING_AET, sending::show);
        long sent = System.nanoTime();
        report.problems().forEach((problem, times) -> console.printf("%d × %s%n", times, problem));
        console.flush();
        URI studies = URI.create("http://127.0.0.1:%d/api/studies".formatted(httpPort));
        List<JsonNode> ended = ended(studies);
        console.printf(
                "%-36s %s%n",
                "%d DICOM objects are in the PACS".formatted(pacs.received().size()),
                Progress.seconds(System.nanoTime() - sent));
        // Only now, so that it does not take the cores from the node.
        PhantomTruth truth = head == null ? null : PhantomTruth.of(head);
        boolean measured = false;
        for (JsonNode study : ended) {
            measured |= print(study, studies, truth);
        }
        console.printf(
                "%nDICOM results   %s%nPictures, log   %s%n", folder.resolve("results"), folder);
        console.flush();
        return measured ? NegvolCommand.DONE : NegvolCommand.NOT_APPLICABLE;
    }

    /** Waits until every study has come to its end, deliveries included. */
    private List<JsonNode> ended(URI studies) throws IOException, InterruptedException {
        Map<String, String> said = new HashMap<>();
        long changed = System.nanoTime();
        while (true) {
            List<JsonNode> current = new ArrayList<>();
            boolean all = true;
            for (JsonNode summary : get(studies).path("studies")) {
                JsonNode study =
                        get(URI.create(studies + "/" + summary.path("studyInstanceUid").asText()));
                current.add(study);
                all &= hasEnded(study);
                String sentence = study.path("sentence").asText();
                String state = study.path("state").asText();
                String uid = study.path("studyInstanceUid").asText();
                if (!isFinal(state) && !sentence.equals(said.put(uid, sentence))) {
                    console.println(sentence);
                    console.flush();
                    changed = System.nanoTime();
                }
            }
            if (all && !current.isEmpty()) {
                return current;
            }
            if (System.nanoTime() - changed > PATIENCE_WITHOUT_CHANGE.toNanos()) {
                throw new CommandProblem(
                        "Nothing has changed for %d minutes; the node's log is %s."
                                .formatted(
                                        PATIENCE_WITHOUT_CHANGE.toMinutes(),
                                        folder.resolve("node.log")));
            }
            Thread.sleep(POLL);
        }
    }

    private static boolean hasEnded(JsonNode study) {
        for (JsonNode series : study.path("series")) {
            if (series.path("jobs").isEmpty()) {
                return false;
            }
            for (JsonNode job : series.path("jobs")) {
                if (!isFinal(job.path("state").asText())) {
                    return false;
                }
                for (JsonNode object : job.path("objects")) {
                    for (JsonNode delivery : object.path("deliveries")) {
                        switch (delivery.path("state").asText()) {
                            case "PENDING", "SENDING" -> {
                                return false;
                            }
                            case "FAILED" ->
                                    throw new CommandProblem(
                                            "A result was not delivered: %s"
                                                    .formatted(delivery.path("sentence").asText()));
                            default -> {}
                        }
                    }
                }
            }
        }
        return true;
    }

    private static boolean isFinal(String state) {
        return !state.equals("RECEIVED") && !state.equals("PROCESSING");
    }

    /** Prints what came of a study and fetches its pictures; whether it gave numbers. */
    private boolean print(JsonNode study, URI studies, @Nullable PhantomTruth truth)
            throws IOException, InterruptedException {
        boolean measured = false;
        for (JsonNode series : study.path("series")) {
            String name =
                    "%s series %s, %s (%d images)"
                            .formatted(
                                    series.path("modality").asText(),
                                    series.path("number").asText("–"),
                                    series.path("description").asText("without description"),
                                    series.path("instances").asInt());
            JsonNode job = series.path("jobs").path(0);
            console.printf("%n%s%n", name);
            if (!job.has("result")) {
                console.printf(
                        "%s: %s%n", job.path("state").asText(), job.path("sentence").asText());
                continue;
            }
            JsonNode result = job.path("result");
            new ResultTable(result, truth).print(console);
            measured |= !result.path("joints").isEmpty();
            String uid = series.path("seriesInstanceUid").asText();
            Path picture = folder.resolve(measured ? "result-" + uid + ".png" : uid + ".png");
            Files.write(
                    picture,
                    picture(
                            URI.create(
                                    "%s/%s/series/%s/picture.png"
                                            .formatted(
                                                    studies,
                                                    study.path("studyInstanceUid").asText(),
                                                    uid))));
        }
        return measured;
    }

    private JsonNode get(URI uri) throws IOException, InterruptedException {
        return json.readTree(bytes(uri));
    }

    /** The node draws it when the results are on their way. */
    private byte[] picture(URI uri) throws IOException, InterruptedException {
        long start = System.nanoTime();
        HttpResponse<byte[]> response = answer(uri);
        while (response.statusCode() == 404
                && System.nanoTime() - start < PATIENCE_FOR_PICTURE.toNanos()) {
            Thread.sleep(POLL);
            response = answer(uri);
        }
        return bytes(uri, response);
    }

    private byte[] bytes(URI uri) throws IOException, InterruptedException {
        return bytes(uri, answer(uri));
    }

    private HttpResponse<byte[]> answer(URI uri) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private byte[] bytes(URI uri, HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new CommandProblem(
                    "The node answered %d for %s; its log is %s."
                            .formatted(response.statusCode(), uri, folder.resolve("node.log")));
        }
        return response.body();
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandProblem problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        background.shutdownNow();
        http.close();
    }
}
