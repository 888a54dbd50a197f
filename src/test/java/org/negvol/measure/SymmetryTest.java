package org.negvol.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Left against right, on pairs of joints whose difference is known. */
class SymmetryTest {

    private static final double GAP = 2.5;

    /** A joint like {@link Condyle#typical}, its fossa moved, somewhere in space. */
    private static JointSurfaces joint(Side side, Vec3 at, double gap, Vec3 fossa) {
        Condyle c = Condyle.typical(side).at(at);
        Vec3 moved = c.direction(fossa.x(), fossa.y(), fossa.z());
        ToDoubleFunction<Vec3> temporal =
                p -> {
                    double w = p.minus(c.centre()).dot(c.up());
                    double block = Math.max(-1 - w, w - c.height() - gap - 4);
                    return Math.max(block, -c.head(p.minus(moved), gap));
                };
        VolumeGeometry g =
                VolumeGeometry.axisAligned(66, 66, 54, 0.5, at.minus(new Vec3(16.3, 16.2, 11.1)));
        return Joints.of(side, g, c::distance, temporal, c.up(), c.cut());
    }

    private static double value(SymmetryMeasures m, Measure measure) {
        return m.value(measure)
                .orElseThrow(() -> new AssertionError(measure + " is missing: " + m.flags()));
    }

    @Test
    void aMirroredCopyAnywhereIsTheSameJoint() {
        Vec3 off = new Vec3(0.6, -0.5, 0.2);
        JointSurfaces left = joint(Side.LEFT, new Vec3(51.13, 3.07, -10.21), GAP, off);
        JointSurfaces right = joint(Side.RIGHT, new Vec3(-47.9, -1.3, -14.4), GAP, off);
        SymmetryMeasures m = Symmetry.compare(left, right);
        assertThat(value(m, Measure.SYMMETRY_RATIO)).isBetween(1.0, 1.005);
        assertThat(value(m, Measure.VOLUME_RATIO)).isBetween(1.0, 1.007);
        assertThat(value(m, Measure.HAUSDORFF_DISTANCE)).isLessThan(0.2);
        assertThat(value(m, Measure.HAUSDORFF_95)).isLessThan(0.1);
        assertThat(value(m, Measure.MEAN_SURFACE_DISTANCE)).isLessThan(0.03);
        assertThat(value(m, Measure.MIRRORED_DICE)).isGreaterThan(0.96);
        assertThat(m.value(Measure.WASSERSTEIN_DISTANCE)).as("not resolved, so not 0").isEmpty();
        assertThat(value(m, Measure.HAUSDORFF_BOOTSTRAP_SD)).isLessThan(0.1);
        assertThat(m.registrationResidualMm()).isLessThan(0.05);
        assertThat(m.flags()).isEmpty();
    }

    @Test
    void aWiderGapOnOneSideIsSeenInEveryMeasure() {
        JointSurfaces left = joint(Side.LEFT, new Vec3(50, 0, 0), GAP, Vec3.ZERO);
        JointSurfaces right = joint(Side.RIGHT, new Vec3(-50, 0, 0), GAP - 1, Vec3.ZERO);
        SymmetryMeasures same =
                Symmetry.compare(left, joint(Side.RIGHT, new Vec3(-50, 0, 0), GAP, Vec3.ZERO));
        SymmetryMeasures m = Symmetry.compare(left, right);
        double areaLeft = MeshMeasures.areaMm2(left.negativeVolume());
        double areaRight = MeshMeasures.areaMm2(right.negativeVolume());
        assertThat(value(m, Measure.SYMMETRY_RATIO))
                .isCloseTo(
                        Math.max(areaLeft, areaRight) / Math.min(areaLeft, areaRight),
                        within(1e-9));
        // Half a millimetre is left when the best motion has shared out the millimetre.
        assertThat(value(m, Measure.HAUSDORFF_DISTANCE)).isBetween(0.4, 1.6);
        for (Measure larger :
                List.of(
                        Measure.SYMMETRY_RATIO,
                        Measure.VOLUME_RATIO,
                        Measure.HAUSDORFF_DISTANCE,
                        Measure.HAUSDORFF_95,
                        Measure.MEAN_SURFACE_DISTANCE)) {
            assertThat(value(m, larger)).as("%s", larger).isGreaterThan(value(same, larger));
        }
        assertThat(value(m, Measure.MIRRORED_DICE)).isLessThan(value(same, Measure.MIRRORED_DICE));
        assertThat(value(m, Measure.HAUSDORFF_95))
                .isLessThanOrEqualTo(value(m, Measure.HAUSDORFF_DISTANCE));
        // The line drawn for H_LR is as long as it.
        Measurement h =
                m.measurements().stream()
                        .filter(x -> x.measure() == Measure.HAUSDORFF_DISTANCE)
                        .findFirst()
                        .orElseThrow();
        assertThat(h.line().get(0).distanceTo(h.line().get(1))).isCloseTo(h.value(), within(1e-3));
    }

    @Test
    void theWassersteinDistanceOfAShiftIsTheShift() {
        TriangleMesh left = joint(Side.LEFT, new Vec3(50, 0, 0), GAP, Vec3.ZERO).negativeVolume();
        // The same surface in other triangles.
        TriangleMesh right =
                joint(Side.RIGHT, new Vec3(-50, 0.13, 0.21), GAP, Vec3.ZERO).negativeVolume();
        double[] a = SurfaceSample.of(left, 800);
        for (double shift : new double[] {1, 3}) {
            double[] b = SurfaceSample.of(Symmetry.mirrored(right), 800);
            for (int i = 1; i < b.length; i += 3) {
                b[i] += shift;
            }
            assertThat(Wasserstein.distanceMm(a, b)).isCloseTo(shift, within(0.25));
        }
    }

    @Test
    void sidesCanBeSwappedByNobody() {
        JointSurfaces left = joint(Side.LEFT, new Vec3(50, 0, 0), GAP, Vec3.ZERO);
        assertThatThrownBy(() -> Symmetry.compare(left, left)).hasMessageContaining("LEFT");
    }

    @Test
    void aMissingNegativeVolumeIsSaidAndNotCompared() {
        JointSurfaces left = joint(Side.LEFT, new Vec3(50, 0, 0), GAP, Vec3.ZERO);
        JointSurfaces right = joint(Side.RIGHT, new Vec3(-50, 0, 0), GAP, Vec3.ZERO);
        TriangleMesh nothing = new TriangleMesh(new double[0], new int[0]);
        JointSurfaces without =
                new JointSurfaces(
                        right.side(),
                        right.condyle(),
                        right.temporalBone(),
                        right.inflated(),
                        nothing,
                        0,
                        right.negativeFraction(),
                        right.condyleMm(),
                        right.temporalMm(),
                        right.condyleAxis(),
                        right.neckCutPoint(),
                        right.contactShare(),
                        right.reachShare(),
                        right.mouthShare(),
                        right.fieldOfViewShare(),
                        right.parameters());
        SymmetryMeasures m = Symmetry.compare(left, without);
        assertThat(m.measurements()).isEmpty();
        assertThat(m.flags())
                .singleElement()
                .satisfies(f -> assertThat(f.sentence()).contains("missing"));
    }
}
