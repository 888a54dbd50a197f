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
    private final long seed;

    private HeadEvaluation(SegmentationModels models, CtSeries series, long seed) {
        this.models = models;
        this.series = series;
        this.grid = series.geometry();
        this.seed = seed;
    }

    static HeadEvaluation of(
            SegmentationModels models,
            List<CtImage> images,
            org.negvol.volume.SliceReader reader,
            long seed) {
        return switch (SliceStack.of(images.stream().map(CtImage::slice).toList())) {
            case SliceStack.Stack s -> new HeadEvaluation(models, new CtSeries(s, reader), seed);
            case SliceStack.NotAVolume n -> throw new CommandProblem(n.sentence());
        };
    }

    /**
     * One joint of the changed scan.
     *
     * @param side of the patient, before any mirroring
     * @param refusal empty if it was measured
     */
    record Row(Change change, Side side, String refusal, Map<Measure, Double> values) {

        static String header() {
            StringBuilder s = new StringBuilder("change,side,refusal,negative_volume_mm3");
            SPACES.forEach(m -> s.append(',').append(m.name().toLowerCase(Locale.ROOT)));
            return s.toString();
        }

        String csv() {
            StringBuilder s = new StringBuilder();
            s.append(change).append(',').append(side).append(',').append(refusal);
            s.append(',').append(text(Measure.NEGATIVE_VOLUME));
            SPACES.forEach(m -> s.append(',').append(text(m)));
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
                        rows.add(new Row(change, side, m.why().name(), Map.of()));
                case SegmentedJoint joint -> {
                    Vec3 centre = joint.condyleCentreMm().orElseThrow();
                    pictures.add(new OutlinePicture.Row(joint, centre, List.of()));
                    rows.add(measured(change, side, joint, centre, axes, scan));
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
            CtSeries scan) {
        return switch (NegativeVolume.compute(
                joint.side(),
                joint.condyleMm(),
                joint.temporalMm(),
                centre,
                NegativeVolumeParameters.DEFAULT)) {
            case JointSurfaceResult.NotMeasurable n ->
                    new Row(change, side, n.reason().name(), Map.of());
            case JointSurfaceResult.Computed c -> {
                JointMeasures m =
                        JointMeasurer.measure(
                                c.surfaces(),
                                JointContext.UNKNOWN.withAxes(axes).withSource(scan.geometry()));
                Map<Measure, Double> values = new EnumMap<>(Measure.class);
                m.measurements().forEach(v -> values.put(v.measure(), v.value()));
                yield new Row(change, side, "", values);
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
            case TURNED -> {
                double t = Math.toRadians(TURN_DEGREES);
                double c = Math.cos(t);
                double s = Math.sin(t);
                Affine turn = Affine.of(c, -s, 0, 0, s * c, c * c, -s, 0, s * s, s * c, c, 0);
                yield lying(turn.after(a));
            }
            case MIRRORED -> lying(Affine.of(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0).after(a));
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
        return List.of(
                Goal.atLeast(
                        "real head, as it is and changed: joints measured, %",
                        100, 100.0 * found / rows.size(), rows.size()),
                Goal.atMost(
                        "real head: joint spaces, noised and re-sampled, worst, mm",
                        0.15,
                        worstSpace,
                        spaces),
                Goal.atMost(
                        "real head: volume of the mirrored scan, worst change, %",
                        2, worstMirror, mirrored));
    }

    private static double larger(double a, double b) {
        return Double.isNaN(a) ? b : Math.max(a, b);
    }
}
