package org.negvol.workflow;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.negvol.report.SentMeshes;
import org.negvol.report.SourceImage;
import org.negvol.report.SourceSeries;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.JointLocation;
import org.negvol.segmentation.JointSegmentation;
import org.negvol.segmentation.Localization;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;
import org.negvol.workflow.StepListener.Step;

/**
 * One series from slices to numbers and surfaces to be sent: assemble, localise, segment, inflate,
 * measure, simplify, compare.
 *
 * <p>What a scan cannot show is a result and no exception: its outcome says what is missing. Both
 * joints are worked on at the same time. May be used by several threads at once; a thread that is
 * interrupted stops between two steps.
 */
public final class StudyPipeline {

    private final BoneFinder bones;
    private final NegativeVolumeParameters parameters;

    /** With the default parameters of the method. */
    public StudyPipeline(BoneFinder bones) {
        this(bones, NegativeVolumeParameters.DEFAULT);
    }

    public StudyPipeline(BoneFinder bones, NegativeVolumeParameters parameters) {
        this.bones = bones;
        this.parameters = parameters;
    }

    /**
     * Processes one series.
     *
     * @param images its images in any order, at least one
     * @param reader reads their pixels
     * @param listener hears of each step
     * @throws InterruptedIOException if the thread is interrupted
     * @throws IOException if an image cannot be read or decoded
     */
    public StudyResult process(List<CtImage> images, SliceReader reader, StepListener listener)
            throws IOException {
        return new Run(images, reader, listener).run();
    }

    /** A joint that was measured, or the flag that says why not. */
    private sealed interface Joint {
        record Measured(JointResult result) implements Joint {}

        record Missing(QualityFlag flag) implements Joint {}
    }

    private final class Run {

        private final List<CtImage> images;
        private final SliceReader reader;
        private final StepListener listener;

        Run(List<CtImage> images, SliceReader reader, StepListener listener) {
            this.images = List.copyOf(images);
            this.reader = reader;
            this.listener = listener;
        }

        StudyResult run() throws IOException {
            SliceStack stack =
                    timed(
                            Step.ASSEMBLE,
                            null,
                            () -> SliceStack.of(images.stream().map(CtImage::slice).toList()));
            return switch (stack) {
                case SliceStack.NotAVolume none -> notAVolume(none);
                case SliceStack.Stack s -> joints(s);
            };
        }

        private StudyResult notAVolume(SliceStack.NotAVolume none) {
            return result(
                    source(images.stream().map(CtImage::asSource).toList()),
                    null,
                    List.of(),
                    null,
                    List.of(
                            new QualityFlag(
                                    QualityFlag.Reason.NOT_A_VOLUME, null, none.sentence())),
                    new Outcome.NotApplicable(none.sentence()));
        }

        private StudyResult joints(SliceStack.Stack stack) throws IOException {
            CtSeries series = new CtSeries(stack, reader);
            Localization where = timed(Step.LOCALISE, null, () -> bones.locate(series));
            PatientAxes axes = axes(where);
            Map<Side, Future<Joint>> running = new EnumMap<>(Side.class);
            List<JointResult> measured = new ArrayList<>();
            List<QualityFlag> missing = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(Side.values().length)) {
                for (Side side : Side.values()) {
                    running.put(
                            side,
                            threads.submit(() -> joint(series, where, where.joint(side), axes)));
                }
                try {
                    for (Future<Joint> future : running.values()) {
                        switch (future.get()) {
                            case Joint.Measured m -> measured.add(m.result());
                            case Joint.Missing m -> missing.add(m.flag());
                        }
                    }
                } catch (InterruptedException e) {
                    threads.shutdownNow();
                    Thread.currentThread().interrupt();
                    throw interrupted();
                } catch (ExecutionException e) {
                    threads.shutdownNow();
                    throw unwrapped(e);
                }
            }
            List<QualityFlag> flags = new ArrayList<>(withoutRepeats(missing));
            SymmetryMeasures symmetry = null;
            if (measured.size() == 2) {
                JointResult left = measured.getFirst();
                JointResult right = measured.getLast();
                symmetry =
                        timed(
                                Step.COMPARE,
                                null,
                                () ->
                                        Symmetry.compare(
                                                left.surfaces(),
                                                left.measures(),
                                                right.surfaces(),
                                                right.measures()));
            }
            return result(
                    source(inOrder(stack)),
                    stack.geometry(),
                    measured,
                    symmetry,
                    flags,
                    outcome(measured, symmetry, flags, stack.notes()));
        }

        private Joint joint(
                CtSeries series, Localization where, JointLocation location, PatientAxes axes)
                throws IOException {
            Side side = location.side();
            if (!(location instanceof JointLocation.Found found)) {
                return missing((JointLocation.Missing) location);
            }
            JointSegmentation segmentation =
                    timed(
                            Step.SEGMENT,
                            side,
                            () -> bones.segment(series, where.intensity(), found));
            if (!(segmentation instanceof SegmentedJoint joint)) {
                return missing((JointLocation.Missing) segmentation);
            }
            JointSurfaceResult surfaces =
                    timed(
                            Step.INFLATE,
                            side,
                            () ->
                                    NegativeVolume.compute(
                                            side,
                                            joint.condyleMm(),
                                            joint.temporalMm(),
                                            centre(joint.hu().geometry()),
                                            parameters));
            return switch (surfaces) {
                case JointSurfaceResult.NotMeasurable n ->
                        new Joint.Missing(new QualityFlag(reason(n.reason()), side, n.sentence()));
                case JointSurfaceResult.Computed c -> {
                    JointContext context =
                            JointContext.UNKNOWN
                                    .withAxes(axes)
                                    .withSource(series.geometry())
                                    .withConfidence(joint.confidence(), joint.clearShare())
                                    .withMandible(joint.condyleMm());
                    JointMeasures measures =
                            timed(Step.MEASURE, side, () -> JointMeasurer.measure(c, context));
                    // Here and not with the report: one joint often waits for the other.
                    SentMeshes meshes =
                            timed(Step.SIMPLIFY, side, () -> SentMeshes.of(c.surfaces()));
                    yield new Joint.Measured(
                            new JointResult(side, joint, c.surfaces(), measures, meshes));
                }
            };
        }

        private StudyResult result(
                SourceSeries source,
                @Nullable VolumeGeometry geometry,
                List<JointResult> joints,
                @Nullable SymmetryMeasures symmetry,
                List<QualityFlag> flags,
                Outcome outcome) {
            return new StudyResult(
                    source,
                    geometry,
                    joints,
                    symmetry,
                    flags,
                    bones.models(),
                    outcome,
                    PipelineVersion.CURRENT);
        }

        private SourceSeries source(List<SourceImage> sources) {
            return new SourceSeries(sources.getFirst().header(), sources);
        }

        private List<SourceImage> inOrder(SliceStack.Stack stack) {
            Map<SliceHeader, CtImage> bySlice = new HashMap<>();
            images.forEach(i -> bySlice.putIfAbsent(i.slice(), i));
            List<SourceImage> sources = new ArrayList<>();
            for (SliceHeader slice : stack.slices()) {
                sources.add(Optional.ofNullable(bySlice.get(slice)).orElseThrow().asSource());
            }
            return sources;
        }

        private <T> T timed(Step step, @Nullable Side side, Callable<T> work) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            long start = System.nanoTime();
            try {
                return work.call();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            } finally {
                listener.finished(step, side, Duration.ofNanos(System.nanoTime() - start));
            }
        }
    }

    private static Joint missing(JointLocation.Missing m) {
        return new Joint.Missing(new QualityFlag(reason(m.why()), m.side(), m.sentence()));
    }

    /** The middle of the VOI, which is where the joint was found. */
    private static Vec3 centre(VolumeGeometry voi) {
        return voi.toPatient(
                (voi.columns() - 1) / 2.0, (voi.rows() - 1) / 2.0, (voi.slices() - 1) / 2.0);
    }

    private static PatientAxes axes(Localization where) {
        return where.joint(Side.LEFT) instanceof JointLocation.Found left
                        && where.joint(Side.RIGHT) instanceof JointLocation.Found right
                ? PatientAxes.ofJoints(left.centreMm(), right.centreMm())
                : PatientAxes.SCANNER;
    }

    /** What holds for the whole head is said once. */
    private static List<QualityFlag> withoutRepeats(List<QualityFlag> flags) {
        if (flags.size() == 2
                && flags.getFirst().reason() == flags.getLast().reason()
                && flags.getFirst().sentence().equals(flags.getLast().sentence())) {
            QualityFlag flag = flags.getFirst();
            return List.of(new QualityFlag(flag.reason(), null, flag.sentence()));
        }
        return flags;
    }

    private static Outcome outcome(
            List<JointResult> measured,
            @Nullable SymmetryMeasures symmetry,
            List<QualityFlag> missing,
            List<String> notes) {
        StringBuilder sentence = new StringBuilder();
        if (measured.isEmpty()) {
            missing.forEach(f -> say(sentence, f.sentence()));
            notes.forEach(n -> say(sentence, n));
            return new Outcome.NotApplicable(sentence.toString());
        }
        List<QualityFlag> doubts = new ArrayList<>();
        measured.forEach(j -> doubts.addAll(j.measures().flags()));
        if (symmetry != null) {
            doubts.addAll(symmetry.flags());
        }
        if (measured.size() == 2) {
            say(sentence, "Both joints were measured.");
        } else {
            say(
                    sentence,
                    "Only the %s joint was measured."
                            .formatted(measured.getFirst().side() == Side.LEFT ? "left" : "right"));
        }
        missing.forEach(f -> say(sentence, f.sentence()));
        if (!doubts.isEmpty()) {
            say(
                    sentence,
                    doubts.size() == 1
                            ? "One remark limits the numbers; read it with them."
                            : "%d remarks limit the numbers; read them with them."
                                    .formatted(doubts.size()));
        }
        notes.forEach(n -> say(sentence, n));
        return missing.isEmpty() && doubts.isEmpty()
                ? new Outcome.Done(sentence.toString())
                : new Outcome.Degraded(sentence.toString());
    }

    private static void say(StringBuilder text, String sentence) {
        text.append(text.isEmpty() ? "" : " ").append(sentence);
    }

    private static QualityFlag.Reason reason(JointLocation.Why why) {
        return switch (why) {
            case NO_HEAD -> QualityFlag.Reason.NO_HEAD;
            case NO_MANDIBLE -> QualityFlag.Reason.NO_MANDIBLE;
            case JOINT_NOT_FOUND -> QualityFlag.Reason.JOINT_NOT_FOUND;
            case CUT_BY_FIELD_OF_VIEW -> QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW;
            case LOW_CONFIDENCE -> QualityFlag.Reason.LOW_CONFIDENCE;
            case METAL -> QualityFlag.Reason.METAL;
        };
    }

    private static QualityFlag.Reason reason(JointSurfaceResult.Reason reason) {
        return switch (reason) {
            case NO_CONDYLE, NO_TEMPORAL_BONE -> QualityFlag.Reason.JOINT_NOT_FOUND;
            case CUT_BY_FIELD_OF_VIEW -> QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW;
            case BONES_OVERLAP -> QualityFlag.Reason.BONE_CONTACT;
            case CONDYLE_OUTSIDE_FOSSA, AXIS_NOT_FOUND, CUT_NOT_FOUND, NOT_A_FIELD, TOO_LARGE ->
                    QualityFlag.Reason.NOT_MEASURABLE;
        };
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("the processing was interrupted");
    }

    private static IOException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        switch (cause) {
            case RuntimeException r -> throw r;
            case Error error -> throw error;
            case null, default -> {
                return cause instanceof IOException io ? io : new IOException(e);
            }
        }
    }
}
