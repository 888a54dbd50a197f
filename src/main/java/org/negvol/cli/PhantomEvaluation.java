package org.negvol.cli;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.negvol.phantom.HeadPhantom;
import org.negvol.segmentation.JointLocation;
import org.negvol.segmentation.JointSegmentation;
import org.negvol.segmentation.Localization;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.volume.CtSeries;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Localiser, joint network and surfaces on one scan of a phantom, held against the truth. */
final class PhantomEvaluation {

    /** Surfaces are compared this near to the condyle's centre, mm: the joint itself. */
    private static final double WITHIN_MM = 14;

    /** A scan whose voxels are no larger, in mm, resolves what the goals ask for. */
    static final double FINE_MM = 0.5;

    private final SegmentationModels models;
    private final int threads;

    PhantomEvaluation(SegmentationModels models, int threads) {
        this.models = models;
        this.threads = threads;
    }

    /**
     * What came of one joint.
     *
     * @param how how it was scanned
     * @param voxelMm largest spacing of the scan
     * @param found whether it was segmented
     * @param refusal the reason if it was not; empty otherwise
     * @param sentence the same in words
     * @param centreMm distance of the condyle's centre from the true one; not a number where there
     *     is nothing to compare, as with all that follow
     * @param localiserMm the same of what the localiser alone said
     */
    record Row(
            EvaluationCase what,
            Side side,
            String how,
            double voxelMm,
            boolean found,
            String refusal,
            double localiserMm,
            double centreMm,
            double diceCondyle,
            double diceTemporal,
            SurfaceDistances condyle,
            SurfaceDistances temporal,
            double confidence,
            double clearShare,
            String sentence) {

        /** Whether there is a joint to be found on this side. */
        boolean shown() {
            return what.kind().refusals(side).isEmpty();
        }

        boolean invented() {
            return found && !shown();
        }

        boolean rightReason() {
            return !found
                    && what.kind().refusals(side).stream().anyMatch(w -> w.name().equals(refusal));
        }

        boolean fine() {
            return voxelMm <= FINE_MM + 1e-6;
        }

        static String header() {
            return "seed,kind,side,scan,voxel_mm,found,refusal,localiser_mm,centre_mm,dice_mc,"
                    + "dice_tb,mc_mean_mm,mc_p95_mm,tb_mean_mm,tb_p95_mm,confidence,clear_share,sentence";
        }

        String csv() {
            StringBuilder line =
                    new StringBuilder(
                            String.format(
                                    Locale.ROOT,
                                    "%d,%s,%s,%s,%.3f,%b,%s",
                                    what.seed(),
                                    what.kind(),
                                    side,
                                    how.strip(),
                                    voxelMm,
                                    found,
                                    refusal));
            append(line, localiserMm, centreMm, diceCondyle, diceTemporal);
            line.append(',').append(condyle.csv()).append(',').append(temporal.csv());
            append(line, confidence, clearShare);
            return line.append(",\"").append(sentence).append('"').toString();
        }

        private static void append(StringBuilder line, double... values) {
            for (double d : values) {
                line.append(Double.isNaN(d) ? "," : String.format(Locale.ROOT, ",%.4f", d));
            }
        }
    }

    /**
     * @param picture the outlines of the joints that were segmented; null if none was
     */
    record Result(List<Row> rows, @Nullable BufferedImage picture) {}

    Result evaluate(EvaluationCase what) throws IOException {
        EvaluationCase.Scan scan = what.scan(threads);
        CtSeries series = scan.series();
        Localization where = models.localizer().locate(series);
        List<Row> rows = new ArrayList<>();
        List<OutlinePicture.Row> pictures = new ArrayList<>();
        for (Side side : Side.values()) {
            JointLocation location = where.joint(side);
            HeadPhantom head = scan.head();
            Vec3 truth = head == null ? null : head.truth(side).centre();
            JointSegmentation s =
                    switch (location) {
                        case JointLocation.Found f ->
                                models.segmenter().segment(series, where.intensity(), f);
                        case JointLocation.Missing m -> m;
                    };
            double localiser =
                    location instanceof JointLocation.Found f && truth != null
                            ? f.centreMm().distanceTo(truth)
                            : Double.NaN;
            switch (s) {
                case JointLocation.Missing m ->
                        rows.add(row(what, side, scan, m, localiser, null, null, null));
                case SegmentedJoint joint -> {
                    Truth t =
                            head != null && what.kind().refusals(side).isEmpty()
                                    ? Truth.of(head, side, joint)
                                    : null;
                    rows.add(row(what, side, scan, null, localiser, joint, t, truth));
                    pictures.add(
                            new OutlinePicture.Row(
                                    joint,
                                    joint.condyleCentreMm().orElse(middle(joint)),
                                    t == null ? List.of() : List.of(t.condyle, t.temporal)));
                }
            }
        }
        return new Result(rows, pictures.isEmpty() ? null : OutlinePicture.of(pictures));
    }

    private static Vec3 middle(SegmentedJoint joint) {
        VolumeGeometry g = joint.hu().geometry();
        return g.toPatient((g.columns() - 1) / 2.0, (g.rows() - 1) / 2.0, (g.slices() - 1) / 2.0);
    }

    /** The true bones on the grid of a joint. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Truth(Vec3 centre, ScalarVolume condyle, ScalarVolume temporal, byte[] labels) {

        static Truth of(HeadPhantom head, Side side, SegmentedJoint joint) {
            VolumeGeometry g = joint.hu().geometry();
            return new Truth(
                    head.truth(side).centre(),
                    head.condyleMm(g),
                    head.temporalMm(g),
                    head.labels(g, 1));
        }
    }

    private static Row row(
            EvaluationCase what,
            Side side,
            EvaluationCase.Scan scan,
            JointLocation.@Nullable Missing missing,
            double localiserMm,
            @Nullable SegmentedJoint joint,
            @Nullable Truth truth,
            @Nullable Vec3 centre) {
        VolumeGeometry g = scan.series().geometry();
        double voxel = Math.max(g.spacingMm(0), Math.max(g.spacingMm(1), g.spacingMm(2)));
        double nan = Double.NaN;
        double centreMm =
                joint == null || centre == null
                        ? nan
                        : joint.condyleCentreMm().map(c -> c.distanceTo(centre)).orElse(nan);
        return new Row(
                what,
                side,
                scan.how(),
                voxel,
                joint != null,
                missing == null ? "" : missing.why().name(),
                localiserMm,
                centreMm,
                joint == null || truth == null
                        ? nan
                        : dice(joint, truth, SegmentedJoint.CONDYLE, HeadPhantom.MANDIBLE),
                joint == null || truth == null
                        ? nan
                        : dice(joint, truth, SegmentedJoint.TEMPORAL_BONE, HeadPhantom.SKULL),
                joint == null || truth == null
                        ? SurfaceDistances.NONE
                        : distances(joint.condyleMm(), truth.condyle, joint.hu(), truth.centre),
                joint == null || truth == null
                        ? SurfaceDistances.NONE
                        : distances(joint.temporalMm(), truth.temporal, joint.hu(), truth.centre),
                joint == null ? nan : joint.confidence(),
                joint == null ? nan : joint.clearShare(),
                missing == null ? "" : missing.sentence());
    }

    /** Overlap within what was scanned. */
    private static double dice(SegmentedJoint joint, Truth truth, byte bone, int label) {
        long both = 0;
        long sum = 0;
        for (int o = 0; o < joint.owner().length; o++) {
            if (joint.hu().values()[o] == CtSeries.AIR_HU) {
                continue;
            }
            boolean a = joint.owner()[o] == bone;
            boolean b = truth.labels[o] == label;
            both += a && b ? 2 : 0;
            sum += (a ? 1 : 0) + (b ? 1 : 0);
        }
        return sum == 0 ? 0 : (double) both / sum;
    }

    /** From either surface to the other: what is missing counts like what is too much. */
    private static SurfaceDistances distances(
            ScalarVolume found, ScalarVolume truth, ScalarVolume hu, Vec3 centre) {
        DoubleStream.Builder all = DoubleStream.builder();
        between(found, truth, hu, centre, all);
        between(truth, found, hu, centre, all);
        return SurfaceDistances.of(all.build());
    }

    /**
     * The second field at the points where the first one's surface crosses the grid's lines; a
     * field that was segmented tells no more than that a point is 2.5 mm off.
     */
    private static void between(
            ScalarVolume from, ScalarVolume to, ScalarVolume hu, Vec3 centre, DoubleConsumer add) {
        VolumeGeometry g = from.geometry();
        float[] f = from.values();
        int[] step = {1, g.columns(), g.columns() * g.rows()};
        for (int k = 0; k < g.slices() - 1; k++) {
            for (int j = 0; j < g.rows() - 1; j++) {
                for (int i = 0; i < g.columns() - 1; i++) {
                    int o = g.index(i, j, k);
                    for (int axis = 0; axis < 3; axis++) {
                        float a = f[o];
                        float b = f[o + step[axis]];
                        if (a < 0 == b < 0
                                || hu.values()[o] == CtSeries.AIR_HU
                                || hu.values()[o + step[axis]] == CtSeries.AIR_HU) {
                            continue;
                        }
                        double t = a / (a - b);
                        double x = i + (axis == 0 ? t : 0);
                        double y = j + (axis == 1 ? t : 0);
                        double z = k + (axis == 2 ? t : 0);
                        if (g.toPatient(x, y, z).distanceTo(centre) <= WITHIN_MM) {
                            add.accept(to.sampleIndex(x, y, z));
                        }
                    }
                }
            }
        }
    }
}
