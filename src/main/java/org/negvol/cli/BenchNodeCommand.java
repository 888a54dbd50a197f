package org.negvol.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.negvol.dicom.UID;
import org.negvol.workflow.CtImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol bench node}: how long a radiologist waits. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a node and a PACS, sends the best series of a folder again and again as a new"
                    + " study, and prints the median time from the last slice's acknowledgement to"
                    + " the report's, the node's own times of the steps, and its memory.",
            "The first studies warm Java up and are printed apart."
        })
final class BenchNodeCommand implements Callable<Integer> {

    private static final String AE_TITLE = "NEGVOL";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder with the files.")
    private Path folder = Path.of("");

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            defaultValue = "7",
            description = "How often, after the first ones (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--warm-up",
            paramLabel = "NUMBER",
            defaultValue = "2",
            description = "Studies before those that count (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--rate",
            paramLabel = "MB/S",
            defaultValue = "0",
            description = {
                "How fast the scanner sends; 0 is as fast as it can (default: ${DEFAULT-VALUE})."
                        + " A gigabit network carries 110 MB/s."
            })
    private double megabytesPerSecond;

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "512m",
            description = "The node's heap (default: ${DEFAULT-VALUE}).")
    private String heap = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter console = spec.commandLine().getOut();
        if (runs < 1 || warmUp < 0 || megabytesPerSecond < 0) {
            throw new CommandProblem("--runs must be 1 or more, --warm-up and --rate 0 or more.");
        }
        List<CtImage> images = SeriesFolder.best(folder);
        List<Path> files = images.stream().map(i -> Path.of(i.slice().source())).toList();
        console.printf("%s%n%n", SeriesFolder.describe(images));
        Path place = Files.createTempDirectory("negvol-node");
        try (ReceivingPacs pacs = new ReceivingPacs(place.resolve("pacs"));
                BenchNode node =
                        BenchNode.start(
                                place,
                                heap,
                                Map.of(
                                        "negvol.ae-title",
                                        AE_TITLE,
                                        "negvol.destinations.pacs",
                                        "%s@127.0.0.1:%d"
                                                .formatted(ReceivingPacs.AE_TITLE, pacs.port())))) {
            StepTable table = new StepTable();
            for (int i = 0; i < warmUp + runs; i++) {
                Map<String, Double> run = run(node, pacs, files);
                console.printf("%s%s%n", i < warmUp ? "warming up" : "          ", line(run));
                console.flush();
                if (i >= warmUp) {
                    table.add(run);
                }
                pacs.forget();
            }
            table.print(console, "studies");
            node.peakMegabytes()
                    .ifPresent(mb -> console.printf("%nPeak memory of the node: %d MiB%n", mb));
            console.flush();
            return NegvolCommand.DONE;
        } finally {
            Folders.delete(place);
        }
    }

    private static String line(Map<String, Double> run) {
        return run.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "  %s %.2f", e.getKey(), e.getValue()))
                .collect(Collectors.joining());
    }

    /** Sends a study and waits for its report: seconds by what took them. */
    private Map<String, Double> run(BenchNode node, ReceivingPacs pacs, List<Path> files)
            throws IOException, InterruptedException {
        double cpu = node.cpuSeconds();
        NewStudy study = NewStudy.send(files, node.dimsePort(), AE_TITLE, megabytesPerSecond);
        if (!pacs.await(
                got ->
                        got.stream()
                                .anyMatch(
                                        r -> r.sopClassUid().equals(UID.Comprehensive3DSRStorage)),
                PATIENCE)) {
            throw new CommandProblem(
                    "After %s the PACS has no report of the study.".formatted(PATIENCE));
        }
        long arrived = System.nanoTime();
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("sending", (study.lastAnsweredNanos() - study.firstSentNanos()) / 1e9);
        seconds.put("last slice to report", (arrived - study.lastAnsweredNanos()) / 1e9);
        JsonNode status =
                new ObjectMapper().readTree(node.get("/api/studies/" + study.studyInstanceUid()));
        for (JsonNode step : status.findPath("steps")) {
            String side = step.path("side").asText("");
            seconds.put(
                    step.path("step").asText("").toLowerCase(Locale.ROOT)
                            + (side.isEmpty() ? "" : " " + side),
                    step.path("seconds").asDouble());
        }
        seconds.put("node's processor time", node.cpuSeconds() - cpu);
        return seconds;
    }
}
