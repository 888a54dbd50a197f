package org.negvol.cli;

import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.IsoSurface;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * How a joint that was segmented agrees with one drawn by hand, above the lowest plane drawn.
 *
 * @param dice of the condyle
 * @param condyle distances between both surfaces of the condyle, from either to the other
 * @param outwardsMm how far the segmented condyle's surface lies outside the drawn one on average,
 *     mm
 * @param temporal distances from the drawn points of the articular surface to the segmented
 *     temporal bone
 */
record LabelAgreement(
        double dice, SurfaceDistances condyle, double outwardsMm, SurfaceDistances temporal) {

    /** Surfaces this near the cut at the lowest plane, mm, are not compared: one may be the cut. */
    private static final double CUT_MM = 0.5;

    static final String HEADER =
            "dice,condyle_mean_mm,condyle_p95_mm,condyle_outwards_mm,temporal_mean_mm,temporal_p95_mm";

    static final String NONE = ",,,,,";

    /**
     * @param moved takes the patient coordinates in which the label was drawn to the joint's
     * @param drawn the label's field on the joint's grid, {@link CondyleOutline#on}
     */
    static LabelAgreement of(
            SegmentedJoint joint, HandLabels.Joint label, ScalarVolume drawn, Affine moved) {
        Affine toDrawn = moved.inverse();
        double lowest = label.condyle().lowestMm();
        MeshDistance found = MeshDistance.of(IsoSurface.extract(joint.condyleMm(), 0));
        MeshDistance hand = MeshDistance.of(IsoSurface.extract(drawn, 0));
        double[] outwards = between(found.mesh(), hand, toDrawn, lowest + CUT_MM);
        double[] inwards = between(hand.mesh(), found, toDrawn, lowest + CUT_MM);
        return new LabelAgreement(
                dice(joint, drawn, toDrawn, lowest),
                SurfaceDistances.of(
                        DoubleStream.concat(DoubleStream.of(outwards), DoubleStream.of(inwards))),
                DoubleStream.of(outwards).average().orElse(Double.NaN),
                SurfaceDistances.of(
                        label.articularSurface().stream()
                                .mapToDouble(p -> joint.temporalMm().sample(moved.apply(p)))));
    }

    private static double dice(
            SegmentedJoint joint, ScalarVolume drawn, Affine toDrawn, double lowest) {
        VolumeGeometry g = drawn.geometry();
        long both = 0;
        long sum = 0;
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    boolean a = joint.owner()[o] == SegmentedJoint.CONDYLE;
                    boolean b = drawn.values()[o] < 0;
                    if ((a || b) && toDrawn.apply(g.toPatient(i, j, k)).z() >= lowest) {
                        both += a && b ? 2 : 0;
                        sum += (a ? 1 : 0) + (b ? 1 : 0);
                    }
                }
            }
        }
        return sum == 0 ? 0 : (double) both / sum;
    }

    /** Signed distances of a mesh's vertices above a height from a surface. */
    private static double[] between(
            TriangleMesh from, MeshDistance to, Affine toDrawn, double aboveMm) {
        return IntStream.range(0, from.vertexCount())
                .mapToObj(from::vertex)
                .filter((Vec3 v) -> toDrawn.apply(v).z() >= aboveMm)
                .mapToDouble(to::signedDistanceMm)
                .toArray();
    }

    String csv() {
        return String.format(
                Locale.ROOT, "%.4f,%s,%.4f,%s", dice, condyle.csv(), outwardsMm, temporal.csv());
    }
}
