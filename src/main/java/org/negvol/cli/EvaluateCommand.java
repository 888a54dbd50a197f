package org.negvol.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.negvol.cli.EvaluationCase.Kind;
import org.negvol.cli.PhantomEvaluation.Row;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;
import org.negvol.workflow.CtImage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code negvol evaluate}: how good the networks and surfaces are, goal by goal. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Holds localiser, joint network and bone surfaces against phantoms that no network was"
                    + " trained on, and against a real head if one is given; prints every goal"
                    + " beside what was reached.",
            "Writes evaluation.csv, head.csv and goals.csv and a picture of each scan. The same"
                    + " seed gives the same scans."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every goal that was measured is met",
            "1:a problem",
            "4:a goal is missed"
        })
final class EvaluateCommand implements Callable<Integer> {

    /** Exit code when a goal is missed. */
    static final int MISSED = 4;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where tables and pictures are written; made if it is not there.")
    private Path out = Path.of("");

    @Option(
            names = "--heads",
            paramLabel = "NUMBER",
            defaultValue = "200",
            description = "How many heads with both joints in view (default: ${DEFAULT-VALUE}).")
    private int heads;

    @Option(
            names = "--refusals",
            paramLabel = "NUMBER",
            defaultValue = "84",
            description = {
                "How many scans with a joint missing, cut off or full of metal, or of no head at"
                        + " all; of each of the 14 kinds the same number (default:"
                        + " ${DEFAULT-VALUE})."
            })
    private int refusals;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "KIND",
            description = {
                "Of the scans without a joint on at least one side these only, separated by commas:"
                        + " ${COMPLETION-CANDIDATES}."
            })
    private List<Kind> only = List.of();

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "920000",
            description = {
                "Seed of the first head; training used 500000 to 500376 and 700000 to 700244"
                        + " (default: ${DEFAULT-VALUE})."
            })
    private long seed;

    @Option(
            names = "--input",
            paramLabel = "FOLDER",
            description = {
                "A real head: its best series is measured as it is, and re-sampled, noised, tilted,"
                        + " turned and mirrored."
            })
    private @Nullable Path input;

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = {
                "The head's joints as drawn by hand in that series; its condyles and temporal bones"
                        + " are held against them."
            })
    private @Nullable Path labels;

    @Mixin private NetworksOption networks = new NetworksOption();

    @Option(
            names = "--threads",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Threads that render phantoms (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if (heads < 0 || refusals < 0 || threads < 1) {
            throw new CommandProblem(
                    "--heads and --refusals must be 0 or more, --threads 1 or more.");
        }
        if (labels != null && input == null) {
            throw new CommandProblem("--labels needs --input, the head that they were drawn in.");
        }
        PrintWriter console = spec.commandLine().getOut();
        Path pictures = Files.createDirectories(out.resolve("pictures"));
        List<Goal> goals = new ArrayList<>();
        try (SegmentationModels models = networks.load()) {
            models.identities()
                    .forEach(
                            m ->
                                    console.printf(
                                            "%s %s, SHA-256 %s%n",
                                            m.name(), m.version(), m.sha256().substring(0, 12)));
            List<Row> rows = phantoms(models, pictures, console);
            goals.addAll(goals(rows));
            table(rows, console);
            if (input != null) {
                List<HeadEvaluation.Row> head = head(models, input, pictures, console);
                goals.addAll(HeadEvaluation.goals(head));
            }
        }
        console.println();
        goals.forEach(g -> console.println(g.line()));
        console.printf("%nTables and pictures in %s%n", out.toAbsolutePath().normalize());
        console.flush();
        List<String> lines = new ArrayList<>(List.of("goal,asked,limit,value,verdict,count"));
        goals.forEach(g -> lines.add(g.csv()));
        Files.write(out.resolve("goals.csv"), lines);
        boolean missed = goals.stream().anyMatch(g -> g.isMeasured() && !g.isMet());
        return missed ? MISSED : NegvolCommand.DONE;
    }

    private List<EvaluationCase> cases() {
        List<EvaluationCase> cases = new ArrayList<>();
        for (int i = 0; i < heads; i++) {
            cases.add(new EvaluationCase(seed + i, Kind.JOINTS));
        }
        Kind[] kinds = Kind.values();
        for (int i = 0; i < refusals; i++) {
            Kind kind = kinds[1 + i % (kinds.length - 1)];
            if (only.isEmpty() || only.contains(kind)) {
                cases.add(new EvaluationCase(seed + heads + i, kind));
            }
        }
        return cases;
    }

    private List<Row> phantoms(SegmentationModels networks, Path pictures, PrintWriter console)
            throws IOException {
        PhantomEvaluation evaluation = new PhantomEvaluation(networks, threads);
        List<Row> rows = new ArrayList<>();
        List<EvaluationCase> cases = cases();
        Progress progress = new Progress(console, "Phantoms", cases.size());
        try (PrintWriter csv =
                new PrintWriter(Files.newBufferedWriter(out.resolve("evaluation.csv")))) {
            csv.println(Row.header());
            for (EvaluationCase c : cases) {
                PhantomEvaluation.Result result = evaluation.evaluate(c);
                for (Row row : result.rows()) {
                    rows.add(row);
                    csv.println(row.csv());
                }
                csv.flush();
                String name =
                        "%d-%s.png".formatted(c.seed(), c.kind().name().toLowerCase(Locale.ROOT));
                write(result.picture(), pictures.resolve(name));
                progress.show(rows.size() / 2);
            }
        }
        return rows;
    }

    private List<HeadEvaluation.Row> head(
            SegmentationModels networks, Path folder, Path pictures, PrintWriter console)
            throws IOException {
        List<CtImage> images = SeriesFolder.best(folder);
        HandLabels drawn = labels == null ? null : HandLabels.read(labels);
        HeadEvaluation evaluation =
                HeadEvaluation.of(networks, images, CtImageFile.files(), drawn, seed);
        List<HeadEvaluation.Row> rows = new ArrayList<>();
        console.printf(
                "%nReal head: %s%n%s%n",
                SeriesFolder.describe(images), HeadEvaluation.Row.header());
        for (HeadEvaluation.Change change : HeadEvaluation.Change.values()) {
            HeadEvaluation.Result result = evaluation.evaluate(change);
            for (HeadEvaluation.Row row : result.rows()) {
                rows.add(row);
                console.println(row.csv());
            }
            console.flush();
            write(
                    result.picture(),
                    pictures.resolve(
                            "head-%s.png".formatted(change.name().toLowerCase(Locale.ROOT))));
        }
        List<String> lines = new ArrayList<>(List.of(HeadEvaluation.Row.header()));
        rows.forEach(r -> lines.add(r.csv()));
        Files.write(out.resolve("head.csv"), lines);
        return rows;
    }

    private static void write(@Nullable BufferedImage picture, Path file) throws IOException {
        if (picture != null) {
            ImageIO.write(picture, "png", file.toFile());
        }
    }

    /** What came of each kind of scan. */
    private static void table(List<Row> rows, PrintWriter console) {
        console.printf(
                "%n%-20s %6s %6s %6s %6s %6s  %s%n",
                "scans of", "joints", "found", "made", "right", "wrong", "refusals");
        console.printf("%-20s %6s %6s %6s %6s %6s%n", "", "shown", "", "up", "reason", "reason");
        for (Kind kind : Kind.values()) {
            List<Row> of = rows.stream().filter(r -> r.what().kind() == kind).toList();
            if (of.isEmpty()) {
                continue;
            }
            Map<String, Integer> reasons = new java.util.TreeMap<>();
            of.stream()
                    .filter(r -> !r.found())
                    .forEach(r -> reasons.merge(r.refusal(), 1, Integer::sum));
            console.printf(
                    "%-20s %6d %6d %6d %6d %6d  %s%n",
                    kind.name().toLowerCase(Locale.ROOT),
                    count(of, Row::shown),
                    count(of, r -> r.shown() && r.found()),
                    count(of, Row::invented),
                    count(of, r -> !r.shown() && r.rightReason()),
                    count(of, r -> !r.shown() && !r.found() && !r.rightReason()),
                    reasons.isEmpty() ? "" : reasons);
        }
    }

    private static int count(List<Row> rows, Predicate<Row> what) {
        return (int) rows.stream().filter(what).count();
    }

    private static List<Goal> goals(List<Row> rows) {
        List<Row> shown = rows.stream().filter(r -> r.what().kind() == Kind.JOINTS).toList();
        List<Row> found = shown.stream().filter(Row::found).toList();
        List<Row> fine = found.stream().filter(Row::fine).toList();
        List<Row> absent = rows.stream().filter(r -> !r.shown()).toList();
        List<Goal> goals = new ArrayList<>();
        goals.add(
                Goal.atLeast(
                        "joints localised, %",
                        99, 100.0 * found.size() / shown.size(), shown.size()));
        goals.add(
                Goal.atLeast(
                        "condyle's centre within 2 mm, % of those found",
                        99,
                        100.0 * count(found, r -> r.centreMm() <= 2) / found.size(),
                        found.size()));
        Map<Part, List<Row>> parts = new EnumMap<>(Part.class);
        parts.put(Part.ALL, found);
        parts.put(Part.FINE, fine);
        parts.forEach(
                (part, of) -> {
                    String p = part.words;
                    goals.add(
                            Goal.atLeast(
                                    "Dice of the condyle" + p,
                                    0.95,
                                    mean(of, Row::diceCondyle),
                                    of.size()));
                    goals.add(
                            Goal.atLeast(
                                    "Dice of the temporal bone" + p,
                                    0.92,
                                    mean(of, Row::diceTemporal),
                                    of.size()));
                    goals.add(
                            Goal.atMost(
                                    "condyle's surface, mean distance, mm" + p,
                                    0.15,
                                    mean(of, r -> r.condyle().mean()),
                                    of.size()));
                    goals.add(
                            Goal.atMost(
                                    "condyle's surface, 95th percentile, mm" + p,
                                    0.5,
                                    mean(of, r -> r.condyle().p95()),
                                    of.size()));
                    goals.add(
                            Goal.atMost(
                                    "temporal bone's surface, mean distance, mm" + p,
                                    0.20,
                                    mean(of, r -> r.temporal().mean()),
                                    of.size()));
                    goals.add(
                            Goal.atMost(
                                    "temporal bone's surface, 95th percentile, mm" + p,
                                    0.5,
                                    mean(of, r -> r.temporal().p95()),
                                    of.size()));
                });
        goals.add(Goal.atMost("joints made up", 0, count(absent, Row::invented), absent.size()));
        goals.add(
                Goal.atLeast(
                        "refusals for the right reason, %",
                        100,
                        100.0 * count(absent, Row::rightReason) / absent.size(),
                        absent.size()));
        return goals;
    }

    /** Which scans a goal is about. */
    private enum Part {
        ALL(", all scans"),
        FINE(", voxels up to 0.5 mm");

        private final String words;

        Part(String words) {
            this.words = words;
        }
    }

    /** Mean over joints. */
    private static double mean(List<Row> rows, ToDoubleFunction<Row> value) {
        return rows.stream()
                .mapToDouble(value)
                .filter(d -> !Double.isNaN(d))
                .average()
                .orElse(Double.NaN);
    }
}
