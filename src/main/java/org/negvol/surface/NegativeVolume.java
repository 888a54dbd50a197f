package org.negvol.surface;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.JointSurfaceResult.Computed;
import org.negvol.surface.JointSurfaceResult.NotMeasurable;
import org.negvol.surface.JointSurfaceResult.Reason;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * From the fields of both bones to the negative volume of a joint: the whole method in its order.
 *
 * <ol>
 *   <li>Surfaces of mandible and temporal bone ({@link IsoSurface}).
 *   <li>The condyle, its axis and the neck's cut (CondyleIsolation).
 *   <li>The condyle's surface is inflated until bone or its reach stops it (Inflation).
 *   <li>The mouth of the fossa (FossaMouth).
 *   <li>Inflated, inside the mouth, above the neck's cut, and in neither bone: the negative volume
 *       (JointLattice), as shares of the voxels and as a closed mesh.
 * </ol>
 *
 * <p>The definition with its formulas is in {@code src/main/doc/method.md}. Deterministic, one
 * thread, no state: joints can be computed in parallel.
 */
public final class NegativeVolume {

    /** A VOI has 1.4 million voxels; this bounds memory at about 1 GB. */
    static final long MOST_VOXELS = 1L << 26;

    /** The temporal bone that tells up from down lies within this of the joint's centre, mm. */
    private static final double FOSSA_WITHIN_MM = 14;

    /** Above this share of the condyle's vertices inside the temporal bone nothing is measured. */
    private static final double MOST_OVERLAP = 0.5;

    /** Bone bounds at least this much of the inflated surface, mm²; a fossa has 200 or more. */
    private static final double LEAST_CONTACT_MM2 = 20;

    private NegativeVolume() {}

    /**
     * @param mandibleMm signed distance in mm to all mandible in the VOI, negative inside; needs to
     *     be accurate within two voxels of the surface only
     * @param temporalMm the same of the temporal bone, on the same grid
     * @param jointCentreMm centre of the condyle's head to a few mm, LPS mm
     * @throws IllegalArgumentException if the grids differ
     */
    public static JointSurfaceResult compute(
            Side side,
            ScalarVolume mandibleMm,
            ScalarVolume temporalMm,
            Vec3 jointCentreMm,
            NegativeVolumeParameters parameters) {
        return compute(side, mandibleMm, temporalMm, jointCentreMm, parameters, StageListener.NONE);
    }

    /** The same, telling what it makes on its way. */
    public static JointSurfaceResult compute(
            Side side,
            ScalarVolume mandibleMm,
            ScalarVolume temporalMm,
            Vec3 jointCentreMm,
            NegativeVolumeParameters parameters,
            StageListener listener) {
        VolumeGeometry grid = mandibleMm.geometry();
        if (!grid.equals(temporalMm.geometry())) {
            throw new IllegalArgumentException("both bones must be given on the same grid");
        }
        if (!jointCentreMm.isFinite()) {
            throw new IllegalArgumentException("the joint's centre is " + jointCentreMm);
        }
        if (grid.voxelCount() > MOST_VOXELS) {
            return new NotMeasurable(
                    Reason.TOO_LARGE,
                    "The volume has %d voxels; a VOI of at most %d was expected."
                            .formatted(grid.voxelCount(), MOST_VOXELS));
        }
        if (hasNan(mandibleMm) || hasNan(temporalMm)) {
            return new NotMeasurable(
                    Reason.NOT_A_FIELD,
                    "The distance field of a bone holds values that are no numbers.");
        }
        TriangleMesh temporal = IsoSurface.extract(FineField.of(temporalMm), 0);
        if (temporal.triangleCount() == 0) {
            return new NotMeasurable(
                    Reason.NO_TEMPORAL_BONE, "There is no temporal bone near the joint.");
        }
        ScalarVolume fine = FineField.of(mandibleMm);
        TriangleMesh mandible = IsoSurface.extract(fine, 0);
        listener.mandible(mandible);
        CondyleIsolation.Found found =
                CondyleIsolation.find(
                        mandible,
                        fine.geometry(),
                        jointCentreMm,
                        middleNear(temporal, jointCentreMm),
                        parameters);
        Condyle condyle = found.condyle();
        if (condyle == null) {
            return orNoCondyle(found.obstacle());
        }
        double end = Math.min(condyle.cutDepthMm(), 1e6) + StartSurface.BELOW_CUT_MM + 1;
        ScalarVolume piece = CondylePiece.field(fine, condyle, end);
        TriangleMesh pieceMesh = IsoSurface.extract(piece, 0);
        ScalarVolume cut = aboveCut(piece, condyle);
        TriangleMesh condyleMesh = IsoSurface.extract(cut, 0);
        if (pieceMesh.triangleCount() == 0 || condyleMesh.triangleCount() == 0) {
            return orNoCondyle(null);
        }
        TriangleMesh start =
                StartSurface.of(piece, MeshDistance.of(pieceMesh), condyle, parameters.edgeMm());
        listener.start(start);
        MeshDistance temporalDistance = MeshDistance.of(temporal);
        Inflation.Inflated inflated =
                Inflation.inflate(start, temporalDistance, parameters, listener);
        double overlap = startedInBone(inflated);
        if (overlap > MOST_OVERLAP) {
            return new NotMeasurable(
                    Reason.BONES_OVERLAP,
                    "%.0f %% of the condyle's surface lies inside the temporal bone."
                            .formatted(100 * overlap));
        }
        FossaMouth mouth =
                FossaMouth.of(temporal, MeshDistance.of(condyleMesh), parameters.rimWithinMm());
        if (mouth == null) {
            return outsideFossa(parameters);
        }
        listener.mouth(mouth.hull);
        JointLattice lattice =
                JointLattice.of(
                        grid,
                        inflated.intoBone(),
                        mandible,
                        temporal,
                        mouth.hull,
                        neckHalfSpace(condyle));
        double[] areas = lattice.areasMm2;
        if (areas[Boundary.TEMPORAL_BONE] < LEAST_CONTACT_MM2) {
            return outsideFossa(parameters);
        }
        double outer =
                areas[Boundary.TEMPORAL_BONE]
                        + areas[Boundary.REACH]
                        + areas[Boundary.MOUTH]
                        + areas[Boundary.FIELD_OF_VIEW];
        return new Computed(
                new JointSurfaces(
                        side,
                        condyleMesh,
                        temporal,
                        lattice.surface(lattice.whole),
                        lattice.surface(lattice.negative),
                        Arrays.stream(areas).sum(),
                        new ScalarVolume(grid, lattice.fractions()),
                        FineField.at(grid, cut),
                        temporalMm,
                        condyle.axis(),
                        condyle.cutPointMm(),
                        areas[Boundary.TEMPORAL_BONE] / outer,
                        areas[Boundary.REACH] / outer,
                        areas[Boundary.MOUTH] / outer,
                        areas[Boundary.FIELD_OF_VIEW] / outer,
                        parameters),
                temporalDistance);
    }

    private static boolean hasNan(ScalarVolume volume) {
        float sum = 0;
        for (float v : volume.values()) {
            // NaN stays NaN; every number becomes 0.
            sum += Float.isNaN(v) ? Float.NaN : 0;
        }
        return Float.isNaN(sum);
    }

    static Vec3 middleNear(TriangleMesh temporal, Vec3 centre) {
        Vec3 sum = Vec3.ZERO;
        int n = 0;
        double[] p = temporal.xyzMm();
        double r2 = FOSSA_WITHIN_MM * FOSSA_WITHIN_MM;
        for (int v = 0; v < p.length; v += 3) {
            double x = p[v] - centre.x();
            double y = p[v + 1] - centre.y();
            double z = p[v + 2] - centre.z();
            if (x * x + y * y + z * z < r2) {
                sum = sum.plus(new Vec3(x, y, z));
                n++;
            }
        }
        return n == 0 ? centre : centre.plus(sum.times(1.0 / n));
    }

    private static NotMeasurable orNoCondyle(@Nullable NotMeasurable obstacle) {
        return obstacle != null
                ? obstacle
                : new NotMeasurable(
                        Reason.NO_CONDYLE, "No condyle could be told from the mandible.");
    }

    private static NotMeasurable outsideFossa(NegativeVolumeParameters parameters) {
        return new NotMeasurable(
                Reason.CONDYLE_OUTSIDE_FOSSA,
                "No temporal bone roofs the condyle within %.1f mm; it lies outside the fossa."
                        .formatted(parameters.reachMm()));
    }

    /** The piece's field cut at the neck's plane. */
    private static ScalarVolume aboveCut(ScalarVolume piece, Condyle condyle) {
        if (Double.isInfinite(condyle.cutDepthMm())) {
            return piece;
        }
        VolumeGeometry g = piece.geometry();
        float[] f = piece.values();
        float[] out = new float[f.length];
        Affine m = g.indexToPatient();
        double slope = -m.step(0).dot(condyle.axis());
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                Vec3 p = m.apply(0, j, k);
                double below = condyle.depthMm(p.x(), p.y(), p.z()) - condyle.cutDepthMm();
                int o = g.index(0, j, k);
                for (int i = 0; i < g.columns(); i++) {
                    out[o + i] = Math.max(f[o + i], (float) (below + slope * i));
                }
            }
        }
        return new ScalarVolume(g, out);
    }

    private static double[] neckHalfSpace(Condyle condyle) {
        if (Double.isInfinite(condyle.cutDepthMm())) {
            return new double[0];
        }
        Vec3 a = condyle.axis();
        return new double[] {-a.x(), -a.y(), -a.z(), -a.dot(condyle.cutPointMm())};
    }

    private static double startedInBone(Inflation.Inflated inflated) {
        int n = 0;
        for (int v = 0; v < inflated.stops().length; v++) {
            if (inflated.stops()[v] == Inflation.Stop.BONE && inflated.wayMm()[v] == 0) {
                n++;
            }
        }
        return (double) n / inflated.stops().length;
    }
}
