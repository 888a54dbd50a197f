package org.negvol.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.DeflaterOutputStream;
import org.negvol.report.ReportOptions;
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

/** {@code negvol bench report}: how long result objects take to write and how large they are. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Processes the best series of a folder once, then writes its result objects again and"
                    + " again: median time and bytes, each kind alone and all together.",
            "The pages are drawn without planes of the scan, as for a destination."
        })
final class BenchReportCommand implements Callable<Integer> {

    private static final double MEBI = 1 << 20;

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder with the files.")
    private Path folder = Path.of("");

    @Option(
            names = "--runs",
            paramLabel = "NUMBER",
            defaultValue = "15",
            description = "How often, after as many to warm up (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Mixin private ResultsOption results = new ResultsOption();

    @Mixin private NetworksOption networks = new NetworksOption();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        if (runs < 1) {
            throw new CommandProblem("--runs must be 1 or more, got %d.".formatted(runs));
        }
        ReportOptions options = results.parse();
        List<CtImage> images = SeriesFolder.best(folder);
        console.printf("%s%n%n", SeriesFolder.describe(images));
        console.flush();
        StudyResult result;
        try (SegmentationModels models = networks.load()) {
            result =
                    new StudyPipeline(BoneFinder.of(models))
                            .process(images, CtImageFile.files(), new StepTimes());
        }
        console.printf("%-15s %8s %8s %8s %8s%n", "", "seconds", "CPU", "MiB", "deflated");
        for (ReportOptions.Content content : ReportOptions.Content.values()) {
            if (options.contents().contains(content)) {
                line(console, content.word() + " alone", result, only(content, options));
            }
        }
        line(console, "all", result, options);
        console.printf(
                "%nMedian of %d runs and mean CPU time of all threads, %d processors.%n",
                runs, Runtime.getRuntime().availableProcessors());
        console.flush();
        return NegvolCommand.DONE;
    }

    private static ReportOptions only(ReportOptions.Content content, ReportOptions options) {
        return options.withContents(EnumSet.of(content));
    }

    private void line(PrintWriter console, String what, StudyResult result, ReportOptions options) {
        for (int i = 0; i < runs; i++) {
            write(result, options);
        }
        double[] seconds = new double[runs];
        double cpu = -cpuSeconds();
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            write(result, options);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        cpu = (cpu + cpuSeconds()) / runs;
        Arrays.sort(seconds);
        List<ResultObject> objects = ResultObjects.of(result, options);
        console.printf(
                Locale.ROOT,
                "%-15s %8.3f %8.3f %8.2f %8.2f%n",
                what,
                seconds[runs / 2],
                cpu,
                objects.stream().mapToLong(o -> bytes(o, false)).sum() / MEBI,
                objects.stream().mapToLong(o -> bytes(o, true)).sum() / MEBI);
        console.flush();
    }

    /** CPU time of all threads of this process, those of the garbage collector among them. */
    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
                / 1e9;
    }

    private static void write(StudyResult result, ReportOptions options) {
        for (ResultObject object : ResultObjects.of(result, options)) {
            bytes(object, false);
        }
    }

    /** How many bytes a file of the object has. */
    private static long bytes(ResultObject object, boolean deflated) {
        Counter counter = new Counter();
        try (OutputStream out = deflated ? new DeflaterOutputStream(counter) : counter) {
            object.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counter.bytes;
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] b, int offset, int length) {
            bytes += length;
        }
    }
}
