package org.negvol.workflow;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.JointContext;
import org.negvol.measure.JointMeasurer;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.PatientAxes;
import org.negvol.measure.QualityFlag;
import org.negvol.measure.Symmetry;
import org.negvol.measure.SymmetryMeasures;
import org.negvol.report.JointResult;
import org.negvol.report.Outcome;
import org.negvol.report.SourceSeries;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.JointLocation;
import org.negvol.segmentation.JointSegmentation;
import org.negvol.segmentation.Localization;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.VolumeGeometry;
import org.negvol.workflow.StepListener.Step;

/**
 * From the images of one series to its result: the whole method in its order, both joints at the
 * same time. No state is kept between studies; the same images give the same result.
 */
public final class StudyPipeline {

    /** Version of negvol; a series is processed once by each. */
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = System.getLogger(StudyPipeline.class.getName());

    private final SliceReader reader;
    private final BoneFinder bones;
    private final NegativeVolumeParameters parameters;
    private final StepListener listener;
    private final List<QualityFlag> flags = new ArrayList<>();

    private StudyPipeline(
            SliceReader reader,
            BoneFinder bones,
            NegativeVolumeParameters parameters,
            StepListener listener) {
        this.reader = reader;
        this.bones = bones;
        this.parameters = parameters;
        this.listener = listener;
    }

    /**
     * Processes one series. What a scan can be is told by the outcome, never by an exception.
     *
     * @param images the images of the series, in any order; at least one
     * @param reader delivers the pixels of their slices
     * @throws IllegalArgumentException if there is no image
     */
    public static StudyResult run(
            List<CtImage> images, SliceReader reader, BoneFinder bones, StepListener listener) {
        return run(images, reader, bones, NegativeVolumeParameters.DEFAULT, listener);
    }

    /**
     * @param parameters the numbers of the method
     */
    public static StudyResult run(
            List<CtImage> images,
            SliceReader reader,
            BoneFinder bones,
            NegativeVolumeParameters parameters,
            StepListener listener) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a series without images cannot be processed");
        }
        return new StudyPipeline(reader, bones, parameters, listener).process(images);
    }

    private StudyResult process(List<CtImage> images) {
        SourceSeries unsorted = source(images, null);
        SliceStack stack = timed(Step.ASSEMBLE, null, () -> assemble(images));
        return switch (stack) {
            case SliceStack.NotAVolume none -> {
                flags.add(
                        new QualityFlag(QualityFlag.Reason.NOT_A_VOLUME, null, none.sentence()));
                yield result(
                        unsorted,
                        null,
                        List.of(),
                        null,
                        new Outcome.NotApplicable(none.sentence()));
            }
            case SliceStack.Stack whole -> {
                SourceSeries sorted = source(images, whole);
                try {
                    yield measure(sorted, new CtSeries(whole, reader));
                } catch (IOException e) {
                    yield failed(sorted, whole, "An image of the series could not be read", e);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    yield failed(sorted, whole, "The processing was interrupted", e);
                } catch (RuntimeException e) {
                    yield failed(sorted, whole, "negvol met an error of its own", e);
                }
            }
        };
    }

    /** Slices sorted into a volume, as {@link #run} does it first. */
    private static SliceStack assemble(List<CtImage> images) {
        return SliceStack.of(images.stream().map(CtImage::slice).toList());
    }

    /** The images that make the volume, in its order; all of them where there is none. */
    private static SourceSeries source(List<CtImage> images, SliceStack.@Nullable Stack stack) {
        List<CtImage> used = images;
        if (stack != null) {
            Map<String, CtImage> byUid = new HashMap<>();
            images.forEach(i -> byUid.putIfAbsent(i.slice().sopInstanceUid(), i));
            used = new ArrayList<>();
            for (var slice : stack.slices()) {
                CtImage image = byUid.get(slice.sopInstanceUid());
                if (image != null) {
                    used.add(image);
                }
            }
        }
        return new SourceSeries(
                used.getFirst().header(), used.stream().map(CtImage::asSource).toList());
    }

    private StudyResult measure(SourceSeries source, CtSeries series)
            throws IOException, InterruptedException {
        VolumeGeometry grid = series.geometry();
        Localization where = checked(Step.LOCALISE, null, () -> bones.locate(series));
        List<JointLocation.Found> found = where.found();
        PatientAxes axes =
                found.size() == 2
                        ? PatientAxes.ofJoints(
                                found.getFirst().centreMm(), found.getLast().centreMm())
                        : PatientAxes.SCANNER;
        where.joints()
                .values()
                .forEach(
                        location -> {
                            if (location instanceof JointLocation.Missing missing) {
                                flags.add(flag(missing));
                            }
                        });
        List<JointResult> joints = new ArrayList<>();
        for (JointOutcome outcome : inParallel(series, where, found, axes)) {
            if (outcome.result() != null) {
                joints.add(outcome.result());
            }
            if (outcome.flag() != null) {
                flags.add(outcome.flag());
            }
        }
        SymmetryMeasures symmetry = null;
        if (joints.size() == 2) {
            Map<Side, JointSurfaces> surfaces = new EnumMap<>(Side.class);
            joints.forEach(j -> surfaces.put(j.side(), j.surfaces()));
            symmetry =
                    timed(
                            Step.COMPARE,
                            null,
                            () ->
                                    Symmetry.compare(
                                            joints.getFirst().side() == Side.LEFT
                                                    ? joints.getFirst().surfaces()
                                                    : joints.getLast().surfaces(),
                                            joints.getFirst().side() == Side.LEFT
                                                    ? joints.getLast().surfaces()
                                                    : joints.getFirst().surfaces()));
        }
        return result(source, grid, joints, symmetry, outcome(joints, symmetry));
    }

    /** A joint's result, or the flag that says why there is none. */
    private record JointOutcome(@Nullable JointResult result, @Nullable QualityFlag flag) {}

    private List<JointOutcome> inParallel(
            CtSeries series,
            Localization where,
            List<JointLocation.Found> found,
            PatientAxes axes)
            throws IOException, InterruptedException {
        List<JointOutcome> outcomes = new ArrayList<>();
        if (found.isEmpty()) {
            return outcomes;
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(found.size())) {
            List<Callable<JointOutcome>> tasks = new ArrayList<>();
            for (JointLocation.Found joint : found) {
                tasks.add(() -> joint(series, where, joint, axes));
            }
            for (Future<JointOutcome> future : pool.invokeAll(tasks)) {
                outcomes.add(future.get());
            }
            return outcomes;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException r -> throw r;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private JointOutcome joint(
            CtSeries series, Localization where, JointLocation.Found found, PatientAxes axes)
            throws IOException {
        Side side = found.side();
        JointSegmentation segmentation =
                checked(
                        Step.SEGMENT,
                        side,
                        () -> bones.segment(series, where.intensity(), found));
        return switch (segmentation) {
            case JointLocation.Missing missing -> new JointOutcome(null, flag(missing));
            case SegmentedJoint segmented -> {
                JointSurfaceResult surfaces =
                        timed(
                                Step.INFLATE,
                                side,
                                () ->
                                        NegativeVolume.compute(
                                                side,
                                                segmented.condyleMm(),
                                                segmented.temporalMm(),
                                                found.centreMm(),
                                                parameters));
                yield switch (surfaces) {
                    case JointSurfaceResult.NotMeasurable none ->
                            new JointOutcome(null, flag(side, none));
                    case JointSurfaceResult.Computed computed -> {
                        JointMeasures measures =
                                timed(
                                        Step.MEASURE,
                                        side,
                                        () ->
                                                JointMeasurer.measure(
                                                        computed.surfaces(),
                                                        context(segmented, series, axes)));
                        yield new JointOutcome(
                                new JointResult(side, segmented, computed.surfaces(), measures),
                                null);
                    }
                };
            }
        };
    }

    private static JointContext context(
            SegmentedJoint segmented, CtSeries series, PatientAxes axes) {
        VolumeGeometry g = series.geometry();
        double spacing = Math.max(g.spacingMm(0), Math.max(g.spacingMm(1), g.spacingMm(2)));
        return new JointContext(
                axes,
                OptionalDouble.of(spacing),
                OptionalDouble.of(segmented.confidence()),
                OptionalDouble.of(segmented.clearShare()),
                segmented.condyleMm());
    }

    private static QualityFlag flag(JointLocation.Missing missing) {
        QualityFlag.Reason reason =
                switch (missing.why()) {
                    case NO_HEAD -> QualityFlag.Reason.NO_HEAD;
                    case NO_MANDIBLE -> QualityFlag.Reason.NO_MANDIBLE;
                    case JOINT_NOT_FOUND -> QualityFlag.Reason.JOINT_NOT_FOUND;
                    case CUT_BY_FIELD_OF_VIEW -> QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW;
                    case LOW_CONFIDENCE -> QualityFlag.Reason.LOW_CONFIDENCE;
                };
        return new QualityFlag(reason, missing.side(), missing.sentence());
    }

    private static QualityFlag flag(Side side, JointSurfaceResult.NotMeasurable none) {
        QualityFlag.Reason reason =
                switch (none.reason()) {
                    case CUT_BY_FIELD_OF_VIEW -> QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW;
                    case NO_CONDYLE, NO_TEMPORAL_BONE -> QualityFlag.Reason.JOINT_NOT_FOUND;
                    default -> QualityFlag.Reason.NOT_MEASURABLE;
                };
        return new QualityFlag(reason, side, none.sentence());
    }

    private Outcome outcome(List<JointResult> joints, @Nullable SymmetryMeasures symmetry) {
        if (joints.isEmpty()) {
            // Both sides usually say the same; a person need not read it twice.
            List<String> sentences =
                    flags.stream().map(QualityFlag::sentence).distinct().toList();
            return new Outcome.NotApplicable(String.join(" ", sentences));
        }
        if (joints.size() == 1) {
            Side measured = joints.getFirst().side();
            Side missing = measured.opposite();
            String why =
                    flags.stream()
                            .filter(f -> f.side() == missing)
                            .map(QualityFlag::sentence)
                            .findFirst()
                            .orElse("");
            return new Outcome.Degraded(
                    "The %s joint was measured, the %s one was not. %s"
                            .formatted(name(measured), name(missing), why)
                            .strip());
        }
        long limits =
                joints.stream().mapToLong(j -> j.measures().flags().size()).sum()
                        + (symmetry == null ? 0 : symmetry.flags().size());
        return limits == 0
                ? new Outcome.Done("Both joints were measured.")
                : new Outcome.Degraded(
                        "Both joints were measured, with limits that the flags explain.");
    }

    private static String name(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    private StudyResult result(
            SourceSeries source,
            @Nullable VolumeGeometry grid,
            List<JointResult> joints,
            @Nullable SymmetryMeasures symmetry,
            Outcome outcome) {
        return new StudyResult(
                source, grid, joints, symmetry, flags, bones.models(), outcome, VERSION);
    }

    private StudyResult failed(
            SourceSeries source, SliceStack.Stack stack, String what, Exception e) {
        LOG.log(Level.ERROR, "Series " + source.seriesInstanceUid() + " failed", e);
        String message = e.getMessage();
        return result(
                source,
                stack.geometry(),
                List.of(),
                null,
                new Outcome.Failed(
                        "%s (%s); the log of this time has the details."
                                .formatted(
                                        what,
                                        message == null
                                                ? e.getClass().getSimpleName()
                                                : message)));
    }

    private <T> T timed(Step step, @Nullable Side side, java.util.function.Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            listener.finished(step, side, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** Work that reads images. */
    @FunctionalInterface
    private interface Reading<T> {
        T get() throws IOException;
    }

    private <T> T checked(Step step, @Nullable Side side, Reading<T> work) throws IOException {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            listener.finished(step, side, Duration.ofNanos(System.nanoTime() - start));
        }
    }
}
