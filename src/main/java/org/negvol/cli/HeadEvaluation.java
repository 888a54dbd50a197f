package org.negvol.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.JointContext;
import org.negvol.measure.JointMeasurer;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Measure;
import org.negvol.measure.PatientAxes;
import org.negvol.segmentation.JointLocation;
import org.negvol.segmentation.JointSegmentation;
import org.negvol.segmentation.Localization;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.Affine;
import org.negvol.volume.CtSeries;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiReader;
import org.negvol.volume.VolumeGeometry;
import org.negvol.workflow.CtImage;

/**
 * A real head as it is, and re-sampled, noised, tilted and mirrored: nobody knows its true joint
 * spaces, but they are the same each time.
 */
final class HeadEvaluation {

    private static final double COARSER = 1.2;
    private static final double NOISE_HU = 25;
    private static final double TILT_DEGREES = 10;
    private static final double TURN_DEGREES = 8;

    /** What is done to the scan. */
    enum Change {
        NONE,
        RESAMPLED,
        NOISED,
        TILTED,
        TURNED,
        MIRRORED
    }

    private static final List<Measure> SPACES =
            List.of(
                    Measure.ANTERIOR_JOINT_SPACE,
                    Measure.SUPERIOR_JOINT_SPACE,
                    Measure.POSTERIOR_JOINT_SPACE,
                    Measure.MEDIAL_JOINT_SPACE,
                    Measure.LATERAL_JOINT_SPACE);

    private final SegmentationModels models;
    private final CtSeries series;
    private final VolumeGeometry grid;
    private final @Nullable HandLabels labels;
    private final long seed;

    private HeadEvaluation(
            SegmentationModels models, CtSeries series, @Nullable HandLabels labels, long seed) {
        this.models = models;
        this.series = series;
        this.grid = series.geometry();
        this.labels = labels;
        this.seed = seed;
    }

    /**
     * @param labels the same series' joints as drawn by hand; null if nobody drew them
     * @throws CommandProblem if the images are no volume, or the labels are of another series
     */
    static HeadEvaluation of(
            SegmentationModels models,
            List<CtImage> images,
            SliceReader reader,
            @Nullable HandLabels labels,
            long seed) {
        String uid = images.getFirst().slice().seriesUid();
        if (labels != null && !labels.seriesUids().contains(uid)) {
            throw new CommandProblem(
                    "The labels are not of series %s, the best one of this head, but of %s."
                            .formatted(uid, String.join(", ", labels.seriesUids())));
        }
        return switch (SliceStack.of(images.stream().map(CtImage::slice).toList())) {
            case SliceStack.Stack s ->
                    new HeadEvaluation(models, new CtSeries(s, reader), labels, seed);
            case SliceStack.NotAVolume n -> throw new CommandProblem(n.sentence());
        };
    }

    /**
     * One joint of the changed scan.
     *
     * @param side of the patient, before any mirroring
     * @param refusal empty if it was measured
     * @param agreement with the joint as drawn by hand; null where it was not found or nobody drew
     *     it
     */
    record Row(
            Change change,
            Side side,
            String refusal,
            Map<Measure, Double> values,
            @Nullable LabelAgreement agreement) {

        static String header() {
            StringBuilder s = new StringBuilder("change,side,refusal,negative_volume_mm3");
            SPACES.forEach(m -> s.append(',').append(m.name().toLowerCase(Locale.ROOT)));
            return s.append(',').append(LabelAgreement.HEADER).toString();
        }

        String csv() {
            StringBuilder s = new StringBuilder();
            s.append(change).append(',').append(side).append(',').append(refusal);
            s.append(',').append(text(Measure.NEGATIVE_VOLUME));
            SPACES.forEach(m -> s.append(',').append(text(m)));
            s.append(',').append(agreement == null ? LabelAgreement.NONE : agreement.csv());
            return s.toString();
        }

        private String text(Measure m) {
            Double v = values.get(m);
            return v == null ? "" : String.format(Locale.ROOT, "%.3f", v);
        }
    }

    /**
     * @param picture null if no joint was found
     */
    record Result(List<Row> rows, @Nullable BufferedImage picture) {}

    Result evaluate(Change change) throws IOException {
        CtSeries scan = changed(change);
        Localization where = models.localizer().locate(scan);
        PatientAxes axes =
                where.joint(Side.LEFT) instanceof JointLocation.Found l
                                && where.joint(Side.RIGHT) instanceof JointLocation.Found r
                        ? PatientAxes.ofJoints(l.centreMm(), r.centreMm())
                        : PatientAxes.SCANNER;
        List<Row> rows = new ArrayList<>();
        List<OutlinePicture.Row> pictures = new ArrayList<>();
        for (Side side : Side.values()) {
            Side seen = change == Change.MIRRORED ? side.opposite() : side;
            JointSegmentation s =
                    switch (where.joint(seen)) {
                        case JointLocation.Found f ->
                                models.segmenter().segment(scan, where.intensity(), f);
                        case JointLocation.Missing m -> m;
                    };
            switch (s) {
                case JointLocation.Missing m ->
                        rows.add(new Row(change, side, m.why().name(), Map.of(), null));
                case SegmentedJoint joint -> {
                    Vec3 centre = joint.condyleCentreMm().orElseThrow();
                    List<ScalarVolume> truth = new ArrayList<>();
                    LabelAgreement agreement = null;
                    if (labels != null) {
                        HandLabels.Joint label = Objects.requireNonNull(labels.joints().get(side));
                        Affine moved = moved(change);
                        ScalarVolume drawn =
                                label.condyle().on(joint.hu().geometry(), moved.inverse());
                        agreement = LabelAgreement.of(joint, label, drawn, moved);
                        truth.add(drawn);
                    }
                    pictures.add(new OutlinePicture.Row(joint, centre, truth));
                    rows.add(measured(change, side, joint, centre, axes, scan, agreement));
                }
            }
        }
        return new Result(rows, pictures.isEmpty() ? null : OutlinePicture.of(pictures));
    }

    private static Row measured(
            Change change,
            Side side,
            SegmentedJoint joint,
            Vec3 centre,
            PatientAxes axes,
            CtSeries scan,
            @Nullable LabelAgreement agreement) {
        return switch (NegativeVolume.compute(
                joint.side(),
                joint.condyleMm(),
                joint.temporalMm(),
                centre,
                NegativeVolumeParameters.DEFAULT)) {
            case JointSurfaceResult.NotMeasurable n ->
                    new Row(change, side, n.reason().name(), Map.of(), agreement);
            case JointSurfaceResult.Computed c -> {
                JointMeasures m =
                        JointMeasurer.measure(
                                c.surfaces(),
                                JointContext.UNKNOWN.withAxes(axes).withSource(scan.geometry()));
                Map<Measure, Double> values = new EnumMap<>(Measure.class);
                m.measurements().forEach(v -> values.put(v.measure(), v.value()));
                yield new Row(change, side, "", values, agreement);
            }
        };
    }

    private CtSeries changed(Change change) throws IOException {
        Affine a = grid.indexToPatient();
        return switch (change) {
            case NONE -> series;
            case RESAMPLED -> {
                Vec3 half = new Vec3(1, 1, 1).times((COARSER - 1) / 2);
                Vec3 origin = a.apply(half.x(), half.y(), half.z());
                yield onto(
                        new VolumeGeometry(
                                (int) (grid.columns() / COARSER),
                                (int) (grid.rows() / COARSER),
                                (int) (grid.slices() / COARSER),
                                Affine.ofColumns(
                                        a.step(0).times(COARSER),
                                        a.step(1).times(COARSER),
                                        a.step(2).times(COARSER),
                                        origin)));
            }
            case NOISED -> {
                ScalarVolume v = VoiReader.read(series, grid);
                SplittableRandom r = new SplittableRandom(seed);
                float[] noised = v.values().clone();
                for (int o = 0; o < noised.length; o++) {
                    if (noised[o] != CtSeries.AIR_HU) {
                        noised[o] += (float) (NOISE_HU * r.nextGaussian());
                    }
                }
                yield inMemory(grid, noised);
            }
            case TILTED -> {
                double shear =
                        Math.tan(Math.toRadians(TILT_DEGREES))
                                * a.step(1).norm()
                                / a.step(2).norm();
                Vec3 row = a.step(1).plus(a.step(2).times(shear));
                Vec3 origin = a.apply(0, 0, -shear * (grid.rows() - 1) / 2);
                yield onto(
                        new VolumeGeometry(
                                grid.columns(),
                                grid.rows(),
                                grid.slices(),
                                Affine.ofColumns(a.step(0), row, a.step(2), origin)));
            }
            case TURNED, MIRRORED -> lying(moved(change).after(a));
        };
    }

    /** Where a point of the patient lies in the changed scan; LPS mm. */
    private static Affine moved(Change change) {
        return switch (change) {
            case NONE, RESAMPLED, NOISED, TILTED -> Affine.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
            case TURNED -> {
                double t = Math.toRadians(TURN_DEGREES);
                double c = Math.cos(t);
                double s = Math.sin(t);
                yield Affine.of(c, -s, 0, 0, s * c, c * c, -s, 0, s * s, s * c, c, 0);
            }
            case MIRRORED -> Affine.of(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
        };
    }

    /** The same slices elsewhere in space. */
    private CtSeries lying(Affine indexToPatient) {
        SliceStack.Stack s = series.stack();
        VolumeGeometry g =
                new VolumeGeometry(grid.columns(), grid.rows(), grid.slices(), indexToPatient);
        return new CtSeries(new SliceStack.Stack(g, s.slices(), s.notes(), 0), series.reader());
    }

    private CtSeries onto(VolumeGeometry target) throws IOException {
        return inMemory(target, VoiReader.read(series, target).values());
    }

    private static CtSeries inMemory(VolumeGeometry g, float[] values) {
        short[][] slices = new short[g.slices()][g.columns() * g.rows()];
        for (int o = 0; o < values.length; o++) {
            int plane = g.columns() * g.rows();
            slices[Math.floorDiv(o, plane)][o % plane] = (short) Math.round(values[o]);
        }
        return CtSeries.inMemory(g, slices);
    }

    /** What the goals ask of a real head. */
    static List<Goal> goals(List<Row> rows) {
        double worstSpace = Double.NaN;
        double worstMirror = Double.NaN;
        int found = 0;
        int spaces = 0;
        int mirrored = 0;
        Map<Side, Row> asItIs = new EnumMap<>(Side.class);
        for (Row row : rows) {
            found += row.refusal().isEmpty() ? 1 : 0;
            if (row.change() == Change.NONE) {
                asItIs.put(row.side(), row);
            }
        }
        for (Row row : rows) {
            Map<Measure, Double> reference =
                    Objects.requireNonNull(asItIs.get(row.side())).values();
            if (row.change() == Change.NOISED || row.change() == Change.RESAMPLED) {
                for (Measure m : SPACES) {
                    Double a = reference.get(m);
                    Double b = row.values().get(m);
                    if (a != null && b != null) {
                        worstSpace = larger(worstSpace, Math.abs(a - b));
                        spaces++;
                    }
                }
            } else if (row.change() == Change.MIRRORED) {
                Double a = reference.get(Measure.NEGATIVE_VOLUME);
                Double b = row.values().get(Measure.NEGATIVE_VOLUME);
                if (a != null && b != null) {
                    worstMirror = larger(worstMirror, 100 * Math.abs(b / a - 1));
                    mirrored++;
                }
            }
        }
        List<Goal> goals = new ArrayList<>();
        goals.add(
                Goal.atLeast(
                        "real head, as it is and changed: joints measured, %",
                        100, 100.0 * found / rows.size(), rows.size()));
        goals.add(
                Goal.atMost(
                        "real head: joint spaces, noised and re-sampled, worst, mm",
                        0.15,
                        worstSpace,
                        spaces));
        goals.add(
                Goal.atMost(
                        "real head: volume of the mirrored scan, worst change, %",
                        2, worstMirror, mirrored));
        goals.addAll(labelGoals(rows));
        return goals;
    }

    /** What is asked of a head whose joints were drawn by hand; of the worse of both joints. */
    private static List<Goal> labelGoals(List<Row> rows) {
        List<LabelAgreement> all = agreements(rows);
        List<LabelAgreement> asItIs =
                agreements(rows.stream().filter(r -> r.change() == Change.NONE).toList());
        return all.isEmpty()
                ? List.of()
                : List.of(
                        Goal.atLeast(
                                "real head: condyle's Dice with hand labels",
                                0.92,
                                -worst(asItIs, a -> -a.dice()),
                                asItIs.size()),
                        Goal.atLeast(
                                "real head, changed too: condyle's Dice with hand labels",
                                0.92,
                                -worst(all, a -> -a.dice()),
                                all.size()),
                        Goal.atMost(
                                "real head: condyle's surface from hand labels, mean, mm",
                                0.15,
                                worst(asItIs, a -> a.condyle().mean()),
                                asItIs.size()),
                        Goal.atMost(
                                "real head: condyle's surface from hand labels, 95 %, mm",
                                0.5, worst(asItIs, a -> a.condyle().p95()), asItIs.size()),
                        Goal.atMost(
                                "real head: temporal surface from hand labels, mean, mm",
                                0.20,
                                worst(asItIs, a -> a.temporal().mean()),
                                asItIs.size()),
                        Goal.atMost(
                                "real head: temporal surface from hand labels, 95 %, mm",
                                0.5, worst(asItIs, a -> a.temporal().p95()), asItIs.size()));
    }

    private static List<LabelAgreement> agreements(List<Row> rows) {
        return rows.stream().map(Row::agreement).filter(Objects::nonNull).toList();
    }

    private static double worst(List<LabelAgreement> of, ToDoubleFunction<LabelAgreement> value) {
        return of.stream().mapToDouble(value).max().orElse(Double.NaN);
    }

    private static double larger(double a, double b) {
        return Double.isNaN(a) ? b : Math.max(a, b);
    }
}
