package org.negvol.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Tag;
import org.negvol.report.Explanation;
import org.negvol.report.JointResult;
import org.negvol.report.NormalValues;
import org.negvol.report.Outcome;
import org.negvol.report.ReportOptions;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObjects;
import org.negvol.report.ResultPicture;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.NetworkView;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Intensity;
import org.negvol.volume.Side;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;
import org.negvol.workflow.BoneFinder;
import org.negvol.workflow.CtImage;
import org.negvol.workflow.ResultJson;
import org.negvol.workflow.SeriesChoice;
import org.negvol.workflow.StepTimes;
import org.negvol.workflow.StudyPipeline;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code negvol process}: the whole pipeline on a folder, without network and database. */
@Command(
        name = "process",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures the studies in a folder of DICOM files (searched with all folders below),"
                    + " without network or database.",
            "Of each study the best series is taken, of each frame of reference one. Writes the"
                    + " DICOM objects, a picture and result.json with every measure."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every study gave numbers",
            "1:a problem, said in one sentence",
            "3:a study shows nothing that can be measured"
        })
final class ProcessCommand implements Callable<Integer> {

    static final String RESULT_FILE = "result.json";
    static final String PICTURE_FILE = "result.png";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    @Parameters(index = "0", paramLabel = "FOLDER", description = "The folder with the files.")
    private Path folder = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FOLDER",
            description = "Where the results are written; made if it is not there.")
    private Path out = Path.of("");

    @Mixin private NetworksOption networks = new NetworksOption();

    @Mixin private ResultsOption results = new ResultsOption();

    @Option(
            names = "--explain",
            paramLabel = "FOLDER",
            description = {
                "Also writes pictures of every stage of the method there, with a page that shows",
                "them (index.html); takes some seconds longer."
            })
    private @Nullable Path explain;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        ReportOptions options = results.parse();
        SeriesFolder found = SeriesFolder.read(folder);
        Map<String, List<SeriesChoice.Candidate>> studies = new LinkedHashMap<>();
        for (List<CtImage> series : found.series()) {
            studies.computeIfAbsent(study(series), uid -> new ArrayList<>())
                    .add(SeriesChoice.Candidate.of(series));
        }
        boolean allMeasured = true;
        try (SegmentationModels models = networks.load()) {
            StudyPipeline pipeline = new StudyPipeline(BoneFinder.of(models));
            for (List<SeriesChoice.Candidate> series : studies.values()) {
                for (SeriesChoice.Candidate chosen : SeriesChoice.best(series)) {
                    Path place =
                            studies.size() == 1 ? Path.of("") : Path.of(study(chosen.images()));
                    if (SeriesChoice.best(series).size() > 1) {
                        place = place.resolve(chosen.images().getFirst().slice().seriesUid());
                    }
                    Path target = out.resolve(place);
                    StudyResult result =
                            process(pipeline, chosen.images(), options, target, console);
                    allMeasured &= !(result.outcome() instanceof Outcome.NotApplicable);
                    if (explain != null) {
                        explain(result, models, chosen.images(), explain.resolve(place), console);
                    }
                }
                skipped(series, console);
            }
        }
        return allMeasured ? NegvolCommand.DONE : NegvolCommand.NOT_APPLICABLE;
    }

    private static String study(List<CtImage> images) {
        return images.getFirst().header().getString(Tag.StudyInstanceUID, "");
    }

    private static StudyResult process(
            StudyPipeline pipeline,
            List<CtImage> images,
            ReportOptions options,
            Path target,
            PrintWriter console) {
        console.printf("%s%n", SeriesFolder.describe(images));
        console.flush();
        StepTimes times = new StepTimes();
        SliceReader reader = CtImageFile.files();
        StudyResult result;
        try {
            result = pipeline.process(images, reader, times);
        } catch (IOException e) {
            throw new CommandProblem(
                    "Series %s cannot be read: %s."
                            .formatted(
                                    images.getFirst().slice().seriesUid(),
                                    CommandProblem.reason(e)),
                    e);
        }
        ObjectNode json = ResultJson.of(result, times.entries(), NormalValues.PUBLISHED);
        try {
            write(result, options, json, images, reader, target);
        } catch (IOException e) {
            throw new CommandProblem(
                    "The results cannot be written to %s: %s."
                            .formatted(target, CommandProblem.reason(e)),
                    e);
        }
        new ResultTable(json, null).print(console);
        console.printf("%nResults in %s%n", target.toAbsolutePath().normalize());
        console.flush();
        return result;
    }

    private static void explain(
            StudyResult result,
            SegmentationModels networks,
            List<CtImage> images,
            Path target,
            PrintWriter console) {
        try {
            Map<Side, NetworkView> views = new EnumMap<>(Side.class);
            CtSeries series = scan(images, CtImageFile.files());
            if (series != null && !result.joints().isEmpty()) {
                Intensity intensity = networks.localizer().locate(series).intensity();
                for (JointResult joint : result.joints()) {
                    views.put(
                            joint.side(),
                            networks.segmenter().view(series, intensity, joint.segmented()));
                }
            }
            Explanation.write(target, result, views);
        } catch (IOException e) {
            throw new CommandProblem(
                    "The explanation cannot be written to %s: %s."
                            .formatted(target, CommandProblem.reason(e)),
                    e);
        }
        console.printf(
                "Every stage in %s%n",
                target.resolve(Explanation.PAGE).toAbsolutePath().normalize());
        console.flush();
    }

    private static void write(
            StudyResult result,
            ReportOptions options,
            ObjectNode json,
            List<CtImage> images,
            SliceReader reader,
            Path target)
            throws IOException {
        Files.createDirectories(target);
        for (ResultObject object : ResultObjects.of(result, options)) {
            Path file = target.resolve(object.fileName());
            try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
                object.writeTo(stream);
            }
        }
        JSON.writeValue(target.resolve(RESULT_FILE).toFile(), json);
        ImageIO.write(
                ResultPicture.render(result, scan(images, reader)),
                "png",
                target.resolve(PICTURE_FILE).toFile());
    }

    /** The series for the planes of a picture; null where it makes no volume. */
    static @Nullable CtSeries scan(List<CtImage> images, SliceReader reader) {
        return SliceStack.of(images.stream().map(CtImage::slice).toList())
                        instanceof SliceStack.Stack stack
                ? new CtSeries(stack, reader)
                : null;
    }

    private static void skipped(List<SeriesChoice.Candidate> series, PrintWriter console) {
        List<SeriesChoice.Candidate> taken = SeriesChoice.best(series);
        for (SeriesChoice.Candidate c : series) {
            if (!taken.contains(c)) {
                console.printf(
                        "Left aside: %s; a better series of the study was taken%n",
                        SeriesFolder.describe(c.images()));
            }
        }
        console.flush();
    }
}
