package org.negvol.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObjects;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;
import org.negvol.workflow.BoneFinder;
import org.negvol.workflow.CtImage;
import org.negvol.workflow.StepTimes;
import org.negvol.workflow.StudyPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol bench study}: how long each step takes from files to result objects. */
@Command(
        name = "study",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Processes the best series of a folder again and again and prints the median time of"
                    + " every step, from the files to the written objects, and the memory it took.",
            "The first run warms Java up and is printed apart."
        })
final class BenchStudyCommand implements Callable<Integer> {

    private static final String OBJECTS = "objects";
    private static final String TOTAL = "total";
    private static final String PROCESSOR = "processor time";

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder with the files.")
    private Path folder = Path.of("");

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            defaultValue = "7",
            description = "How often, after the first run (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Mixin private NetworksOption networks = new NetworksOption();

    @Option(
            names = "--paper",
            paramLabel = "FILE",
            description = {
                "The paper's network, made by src/main/python/training/paper_network.py, to be"
                        + " timed as well: once over a head, four times over a joint."
            })
    private @Nullable Path paper;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        if (runs < 1) {
            throw new CommandProblem("--runs must be 1 or more, got %d.".formatted(runs));
        }
        List<CtImage> images = SeriesFolder.best(folder);
        console.printf("%s%n", SeriesFolder.describe(images));
        StepTable table = new StepTable();
        try (SegmentationModels models = networks.load()) {
            StudyPipeline pipeline = new StudyPipeline(BoneFinder.of(models));
            console.printf(
                    Locale.ROOT, "%-24s %8.3f s%n", "first run", run(pipeline, images).get(TOTAL));
            console.flush();
            PeakMemory.reset();
            for (int i = 0; i < runs; i++) {
                table.add(run(pipeline, images));
            }
        }
        table.print(console, "runs");
        PeakMemory.print(console);
        if (paper != null) {
            double theirs = PaperNetwork.seconds(paper);
            double ours = table.median(TOTAL);
            console.printf(
                    Locale.ROOT,
                    "%nThe paper's models alone, 160³ once and 112×144×64 four times: %.3f s,"
                            + " %.1f times the whole study%n",
                    theirs,
                    theirs / ours);
        }
        console.flush();
        return NegvolCommand.DONE;
    }

    private static Map<String, Double> run(StudyPipeline pipeline, List<CtImage> images)
            throws IOException {
        StepTimes times = new StepTimes();
        long processorStart = processorNanos();
        long start = System.nanoTime();
        StudyResult result = pipeline.process(images, CtImageFile.files(), times);
        long processed = System.nanoTime();
        for (ResultObject object : ResultObjects.of(result)) {
            object.writeTo(OutputStream.nullOutputStream());
        }
        long end = System.nanoTime();
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (StepTimes.Entry e : times.entries()) {
            String side = e.side() == null ? "" : " " + e.side().name().toLowerCase(Locale.ROOT);
            seconds.put(e.step().name().toLowerCase(Locale.ROOT) + side, e.time().toNanos() / 1e9);
        }
        seconds.put(OBJECTS, (end - processed) / 1e9);
        seconds.put(TOTAL, (end - start) / 1e9);
        seconds.put(PROCESSOR, (processorNanos() - processorStart) / 1e9);
        return seconds;
    }

    /** What all threads of this process have used; a busy machine does not change it much. */
    private static long processorNanos() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean os
                ? os.getProcessCpuTime()
                : 0;
    }
}
