package org.negvol.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.negvol.report.Outcome;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.CtSeries;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;
import org.negvol.workflow.BoneFinder;
import org.negvol.workflow.CtImage;
import org.negvol.workflow.SeriesChoice;
import org.negvol.workflow.SeriesChoice.Candidate;
import org.negvol.workflow.StepTimes;
import org.negvol.workflow.StudyPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol process}: the whole method on a folder, without network or database. */
@Command(
        name = "process",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the joints in the CT series of a folder (searched with all folders below) and"
                    + " writes the DICOM results, a picture and result.json.",
            "Of several series the best of each frame of reference is taken: one whose slices make a"
                    + " volume, a head, the finest voxels, a bone kernel, original images."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured", "1:something went wrong", "2:wrong arguments", "3:nothing to measure"
        })
final class ProcessCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FOLDER", description = "The folder with the DICOM files.")
    private Path folder = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the results are written; made if it is not there.")
    private Path out = Path.of("");

    @Option(names = "--all", description = "Measures every series, each into a folder of its own.")
    private boolean all;

    @Option(
            names = "--models",
            paramLabel = "FOLDER",
            description = "Other networks than the built-in ones.")
    private @Nullable Path models;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter console = spec.commandLine().getOut();
        SeriesFolder found = SeriesFolder.read(folder);
        List<Candidate> candidates = found.series().stream().map(Candidate::of).toList();
        List<Candidate> chosen =
                all ? SeriesChoice.ranked(candidates) : SeriesChoice.best(candidates);
        for (Candidate c : candidates) {
            if (!chosen.contains(c)) {
                console.printf("Left out: %s%s%n", SeriesFolder.describe(c.images()), why(c));
            }
        }
        int code = NegvolCommand.NOT_APPLICABLE;
        try (SegmentationModels networks = SegmentationModels.load(models)) {
            BoneFinder bones = BoneFinder.of(networks);
            for (Candidate c : chosen) {
                Path place = chosen.size() == 1 ? out : out.resolve(name(c, chosen));
                code = Math.min(code, process(c, bones, place, console));
            }
        }
        return code;
    }

    private static String why(Candidate c) {
        return c.stack() instanceof SliceStack.NotAVolume none
                ? ". " + none.sentence()
                : "; another series is better suited (--all measures it too).";
    }

    /** A folder's name for one of several series: its number, made unique. */
    private static String name(Candidate c, List<Candidate> all) {
        String number =
                c.images()
                        .getFirst()
                        .header()
                        .getString(org.negvol.dicom.Tag.SeriesNumber, "")
                        .strip();
        long same =
                all.subList(0, all.indexOf(c)).stream()
                        .filter(
                                o ->
                                        o.images()
                                                .getFirst()
                                                .header()
                                                .getString(org.negvol.dicom.Tag.SeriesNumber, "")
                                                .strip()
                                                .equals(number))
                        .count();
        String plain = number.matches("-?\\d+") ? number : "unnumbered";
        return "series-" + plain + (same == 0 ? "" : "-" + (same + 1));
    }

    private static int process(
            Candidate candidate, BoneFinder bones, Path out, PrintWriter console) {
        List<CtImage> images = candidate.images();
        console.printf("%s%n", SeriesFolder.describe(images));
        console.flush();
        SliceReader reader = CtImageFile.files();
        StepTimes times = new StepTimes();
        StudyResult result = StudyPipeline.run(images, reader, bones, times);
        CtSeries scan =
                candidate.stack() instanceof SliceStack.Stack s ? new CtSeries(s, reader) : null;
        List<Path> files = new ArrayList<>(ResultFolder.write(result, times, scan, out));
        console.println(result.outcome().sentence());
        new ResultTable(result, null).print(console);
        ResultTable.printTimes(times, console);
        console.printf("%nWritten to %s: ", out.toAbsolutePath().normalize());
        console.println(
                String.join(
                        ", ", files.stream().map(f -> String.valueOf(f.getFileName())).toList()));
        console.flush();
        return switch (result.outcome()) {
            case Outcome.Done d -> NegvolCommand.DONE;
            case Outcome.Degraded d -> NegvolCommand.DONE;
            case Outcome.NotApplicable n -> NegvolCommand.NOT_APPLICABLE;
            case Outcome.Failed f -> NegvolCommand.PROBLEM;
        };
    }
}
