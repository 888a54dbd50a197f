package org.negvol.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.MortonOrder;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * How much the left joint and the right one differ.
 *
 * <p>The right negative volume is mirrored at a sagittal plane and laid onto the left one by the
 * rigid motion of least mean square distance ({@link SurfaceRegistration}); which sagittal plane
 * does not matter, since the motion follows. Distances are those of each mesh's vertices, weighted
 * by area, to the other mesh, exact.
 *
 * <p>The spread of H_LR: the Hausdorff distance is the largest of many distances, so its bootstrap
 * can be written down instead of drawn. If n points are drawn from a surface, the largest distance
 * is below x with probability F(x)ⁿ, F being the share of the surface nearer than x. Points of a
 * joint surface closer than a millimetre say the same, so n is the surface's area in mm². The value
 * given is the standard deviation of the larger of both directions under this law: the bootstrap
 * with infinitely many repetitions, without a seed.
 */
public final class Symmetry {

    /** Two samples of 400 each. */
    private static final int WASSERSTEIN_SAMPLES = 800;

    /**
     * Statistics are taken of every so-manieth vertex, some 13,000 of them; the largest distance is
     * that of all.
     */
    private static final int STRIDE = 4;

    /** Steps across a surface that order its vertices, as a power of two. */
    private static final int ORDER_BITS = 10;

    private static final Affine MIRROR = Affine.of(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    private Symmetry() {}

    /**
     * Compares two joints; never throws for what a scan can contain.
     *
     * @return without measurements and with a flag if one negative volume is missing
     */
    public static SymmetryMeasures compare(JointSurfaces left, JointSurfaces right) {
        return compare(left, frame(left), right, frame(right));
    }

    /** The same, sparing the search for landmarks that measuring the joints has found already. */
    public static SymmetryMeasures compare(
            JointSurfaces left,
            JointMeasures leftMeasures,
            JointSurfaces right,
            JointMeasures rightMeasures) {
        return compare(left, leftMeasures.frame(), right, rightMeasures.frame());
    }

    private static @Nullable JointFrame frame(JointSurfaces joint) {
        if (!isSurface(joint.condyle())) {
            return null;
        }
        return CondyleHead.of(
                        joint.side(),
                        MeshDistance.of(joint.condyle()),
                        MeshNormals.of(joint.condyle()),
                        PatientAxes.SCANNER)
                .frame();
    }

    private static SymmetryMeasures compare(
            JointSurfaces left,
            @Nullable JointFrame leftFrame,
            JointSurfaces right,
            @Nullable JointFrame rightFrame) {
        if (left.side() == right.side()) {
            throw new IllegalArgumentException(
                    "a left and a right joint are compared, not two of the " + left.side());
        }
        if (!isSurface(left.negativeVolume()) || !isSurface(right.negativeVolume())) {
            return missing("Left and right are not compared: a negative volume is missing.");
        }
        TriangleMesh mirrored = mirrored(right.negativeVolume());
        MeshDistance fixed = MeshDistance.of(left.negativeVolume());
        MeshDistance moving = MeshDistance.of(mirrored);
        SurfaceRegistration.Result registration = register(fixed, leftFrame, moving, rightFrame);
        RigidMotion motion = registration.motion();

        List<Measurement> out = new ArrayList<>();
        double areaLeft = left.negativeAreaMm2();
        double areaRight = right.negativeAreaMm2();
        add(out, Measure.SYMMETRY_RATIO, ratio(areaLeft, areaRight));
        CompletableFuture<Directed> thereLater =
                CompletableFuture.supplyAsync(
                        () -> Directed.of(left.negativeVolume(), motion.inverse(), moving));
        CompletableFuture<Double> wasserstein =
                CompletableFuture.supplyAsync(
                        () -> wasserstein(left.negativeVolume(), mirrored, motion));
        Directed back = Directed.of(mirrored, motion, fixed);
        Directed there = thereLater.join();
        if (there.sample == null || back.sample == null) {
            return missing("Left and right are not compared: a negative volume has no surface.");
        }
        boolean thereIsLarger = there.largestMm >= back.largestMm;
        List<Vec3> line =
                thereIsLarger
                        ? List.of(there.from, motion.apply(there.to))
                        : List.of(motion.apply(back.from), back.to);
        out.add(
                new Measurement(
                        Measure.HAUSDORFF_DISTANCE,
                        Math.max(there.largestMm, back.largestMm),
                        line));
        add(
                out,
                Measure.HAUSDORFF_BOOTSTRAP_SD,
                LargestOfMany.standardDeviation(there.sample, areaLeft, back.sample, areaRight));
        add(
                out,
                Measure.HAUSDORFF_95,
                Math.max(there.sample.quantile(0.95), back.sample.quantile(0.95)));
        add(out, Measure.MEAN_SURFACE_DISTANCE, (there.sample.mean() + back.sample.mean()) / 2);
        Overlap overlap = Overlap.of(left.negativeFraction(), right.negativeFraction(), motion);
        add(out, Measure.MIRRORED_DICE, overlap.dice());
        add(out, Measure.VOLUME_RATIO, ratio(overlap.leftMm3(), overlap.rightMm3()));
        add(out, Measure.WASSERSTEIN_DISTANCE, wasserstein.join());
        return new SymmetryMeasures(
                out, registration.residualMm(), motion.affine().after(MIRROR), List.of());
    }

    private static double wasserstein(
            TriangleMesh left, TriangleMesh mirrored, RigidMotion motion) {
        double[] a = SurfaceSample.of(left, WASSERSTEIN_SAMPLES);
        double[] b = SurfaceSample.of(mirrored, WASSERSTEIN_SAMPLES);
        for (int i = 0; i < b.length; i += 3) {
            Vec3 p = motion.apply(new Vec3(b[i], b[i + 1], b[i + 2]));
            b[i] = p.x();
            b[i + 1] = p.y();
            b[i + 2] = p.z();
        }
        return Wasserstein.distanceMm(a, b);
    }

    private static SurfaceRegistration.Result register(
            MeshDistance fixed,
            @Nullable JointFrame leftFrame,
            MeshDistance moving,
            @Nullable JointFrame rightFrame) {
        RigidMotion[] starts =
                leftFrame == null || rightFrame == null
                        ? new RigidMotion[0]
                        : new RigidMotion[] {
                            RigidMotion.ofFrames(
                                    mirroredAxes(rightFrame),
                                    MIRROR.apply(rightFrame.centre()),
                                    axes(leftFrame),
                                    leftFrame.centre())
                        };
        return SurfaceRegistration.register(fixed, moving, starts);
    }

    /**
     * Both negative volumes in one place, as {@link #compare} lays them; for pictures.
     *
     * @return null if one is missing
     */
    public static @Nullable MirroredOverlay overlay(
            JointSurfaces left,
            JointMeasures leftMeasures,
            JointSurfaces right,
            JointMeasures rightMeasures) {
        if (!isSurface(left.negativeVolume()) || !isSurface(right.negativeVolume())) {
            return null;
        }
        TriangleMesh mirrored = mirrored(right.negativeVolume());
        MeshDistance fixed = MeshDistance.of(left.negativeVolume());
        RigidMotion motion =
                register(
                                fixed,
                                leftMeasures.frame(),
                                MeshDistance.of(mirrored),
                                rightMeasures.frame())
                        .motion();
        double[] p = mirrored.xyzMm().clone();
        for (int v = 0; v < mirrored.vertexCount(); v++) {
            Vec3 at = motion.apply(mirrored.vertex(v));
            p[3 * v] = at.x();
            p[3 * v + 1] = at.y();
            p[3 * v + 2] = at.z();
        }
        TriangleMesh laid = new TriangleMesh(p, mirrored.triangles());
        return new MirroredOverlay(
                laid,
                distances(left.negativeVolume(), MeshDistance.of(laid)),
                distances(laid, fixed));
    }

    private static float[] distances(TriangleMesh from, MeshDistance to) {
        MeshDistance.Query query = to.query();
        float[] mm = new float[from.vertexCount()];
        double[] p = from.xyzMm();
        int likely = 0;
        for (int v = 0; v < mm.length; v++) {
            query.nearest(p[3 * v], p[3 * v + 1], p[3 * v + 2], Double.POSITIVE_INFINITY, likely);
            likely = query.triangle();
            mm[v] = (float) query.distanceMm();
        }
        return mm;
    }

    private static SymmetryMeasures missing(String sentence) {
        return new SymmetryMeasures(
                List.of(),
                0,
                null,
                List.of(new QualityFlag(QualityFlag.Reason.NOT_MEASURABLE, null, sentence)));
    }

    /** A number that could not be computed (a ratio to nothing) is left out. */
    private static void add(List<Measurement> out, Measure measure, double value) {
        if (Double.isFinite(value)) {
            out.add(new Measurement(measure, value, List.of()));
        }
    }

    private static double ratio(double a, double b) {
        return Math.max(a, b) / Math.min(a, b);
    }

    private static boolean isSurface(TriangleMesh mesh) {
        for (double d : mesh.xyzMm()) {
            if (!Double.isFinite(d)) {
                return false;
            }
        }
        return mesh.triangleCount() > 0 && MeshMeasures.areaMm2(mesh) > 0;
    }

    private static Vec3[] axes(JointFrame f) {
        return new Vec3[] {f.lateral(), f.posterior(), f.superior()};
    }

    private static Vec3[] mirroredAxes(JointFrame f) {
        return new Vec3[] {
            MIRROR.apply(f.lateral()), MIRROR.apply(f.posterior()), MIRROR.apply(f.superior())
        };
    }

    /** The mesh seen in a mirror at x = 0, oriented outwards again. */
    static TriangleMesh mirrored(TriangleMesh mesh) {
        double[] p = mesh.xyzMm().clone();
        for (int i = 0; i < p.length; i += 3) {
            p[i] = -p[i];
        }
        int[] c = mesh.triangles().clone();
        for (int t = 0; t < c.length; t += 3) {
            int s = c[t + 1];
            c[t + 1] = c[t + 2];
            c[t + 2] = s;
        }
        return new TriangleMesh(p, c);
    }

    /** Distances of one surface's vertices to the other surface. */
    private static final class Directed {
        private final @Nullable WeightedSample sample;
        private final double largestMm;

        /** Where the distance is largest, each in its own mesh's coordinates. */
        private final Vec3 from;

        private final Vec3 to;

        private Directed(@Nullable WeightedSample sample, double largestMm, Vec3 from, Vec3 to) {
            this.sample = sample;
            this.largestMm = largestMm;
            this.from = from;
            this.to = to;
        }

        static Directed of(TriangleMesh mesh, RigidMotion toTarget, MeshDistance target) {
            int n = mesh.vertexCount();
            double[] kept = new double[3 * Math.ceilDiv(n, STRIDE)];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = mesh.xyzMm()[3 * STRIDE * (i / 3) + i % 3];
            }
            float[] distances = new float[kept.length / 3];
            double[] weights = new double[distances.length];
            double[] area = MeshNormals.of(mesh).areaMm2;
            MeshDistance.Query query = target.query();
            int likely = 0;
            double largest = -1;
            Vec3 from = Vec3.ZERO;
            Vec3 to = Vec3.ZERO;
            for (int i : MortonOrder.of(kept, kept, ORDER_BITS)) {
                Vec3 at = mesh.vertex(i * STRIDE);
                Vec3 p = toTarget.apply(at);
                query.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY, likely);
                likely = query.triangle();
                distances[i] = (float) query.distanceMm();
                weights[i] = area[i * STRIDE];
                if (distances[i] > largest) {
                    largest = distances[i];
                    from = at;
                    to = query.point();
                }
            }
            for (int v = 0; v < n; v++) {
                Vec3 p = toTarget.apply(mesh.vertex(v));
                if (!query.isWithin(p.x(), p.y(), p.z(), largest, likely)) {
                    query.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY);
                    largest = query.distanceMm();
                    from = mesh.vertex(v);
                    to = query.point();
                }
                likely = query.triangle();
            }
            return new Directed(
                    WeightedSample.of(distances, weights, distances.length), largest, from, to);
        }
    }

    /**
     * Overlap of the voxel sets.
     *
     * @param leftMm3 left volume
     * @param rightMm3 right volume
     * @param dice 2 |L ∩ R| / (|L| + |R|)
     */
    private record Overlap(double leftMm3, double rightMm3, double dice) {

        static Overlap of(ScalarVolume left, ScalarVolume right, RigidMotion motion) {
            VolumeGeometry g = left.geometry();
            Affine toRight =
                    right.geometry()
                            .indexToPatient()
                            .inverse()
                            .after(MIRROR)
                            .after(motion.inverse().affine())
                            .after(g.indexToPatient());
            double sumLeft = 0;
            double both = 0;
            for (int k = 0, o = 0; k < g.slices(); k++) {
                for (int j = 0; j < g.rows(); j++) {
                    for (int i = 0; i < g.columns(); i++, o++) {
                        float l = left.values()[o];
                        if (!(l > 0)) {
                            continue;
                        }
                        sumLeft += l;
                        Vec3 at = toRight.apply(i, j, k);
                        both += Math.min(l, Math.max(0, inside(right, at)));
                    }
                }
            }
            double sumRight = 0;
            for (float r : right.values()) {
                sumRight += r > 0 ? r : 0;
            }
            double volumeLeft = sumLeft * g.voxelVolumeMm3();
            double volumeRight = sumRight * right.geometry().voxelVolumeMm3();
            return new Overlap(
                    volumeLeft,
                    volumeRight,
                    2 * both * g.voxelVolumeMm3() / (volumeLeft + volumeRight));
        }

        private static double inside(ScalarVolume v, Vec3 at) {
            VolumeGeometry g = v.geometry();
            boolean in =
                    at.x() > -0.5
                            && at.y() > -0.5
                            && at.z() > -0.5
                            && at.x() < g.columns() - 0.5
                            && at.y() < g.rows() - 0.5
                            && at.z() < g.slices() - 0.5;
            return in ? v.sampleIndex(at.x(), at.y(), at.z()) : 0;
        }
    }
}
