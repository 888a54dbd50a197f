package org.negvol.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** The method on the joints of phantom heads, whose surfaces are known exactly. */
class PhantomVolumeTest {

    /** Smaller than a VOI, for a phantom's fields take their time. */
    private static VolumeGeometry grid(Vec3 centre) {
        return grid(centre, 0.45);
    }

    private static VolumeGeometry grid(Vec3 centre, double spacingMm) {
        int nx = (int) Math.round(33.3 / spacingMm);
        int ny = (int) Math.round(37.8 / spacingMm);
        int nz = (int) Math.round(34.2 / spacingMm);
        Vec3 half = new Vec3(nx - 1, ny - 1, nz - 1).times(spacingMm / 2);
        return VolumeGeometry.axisAligned(nx, ny, nz, spacingMm, centre.minus(half));
    }

    private static JointSurfaces joint(HeadPhantom head, Side side, VolumeGeometry g, Vec3 centre) {
        return NegativeVolumeTest.computed(
                NegativeVolume.compute(
                        side,
                        head.condyleMm(g),
                        head.temporalMm(g),
                        centre,
                        NegativeVolumeParameters.DEFAULT));
    }

    @ParameterizedTest
    @CsvSource({"4, LEFT"})
    void countingPointsComesToTheSameVolume(long seed, Side side) {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.random(seed));
        Vec3 c = head.truth(side).centre();
        VolumeGeometry g = grid(c);
        ScalarVolume mandible = head.condyleMm(g);
        ScalarVolume temporal = head.temporalMm(g);
        JointSurfaces j = joint(head, side, g, c);
        double counted = SlowReference.volumeMm3(mandible, temporal, c, j);
        assertThat(NegativeVolumeTest.volume(j) / counted).isCloseTo(1, within(0.02));
        for (TriangleMesh mesh : new TriangleMesh[] {j.negativeVolume(), j.inflated()}) {
            IsoSurfaceTest.assertSound(mesh);
        }
    }

    @Test
    void anotherGridAndACentreAFewMillimetresOffGiveTheSameJoint() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        Vec3 c = head.truth(Side.RIGHT).centre();
        JointSurfaces one = joint(head, Side.RIGHT, grid(c), c);
        Affine turn = Shapes.motion(9, -7, 11, new Vec3(0.13, 0.21, -0.17));
        VolumeGeometry straight = grid(c);
        Affine m = straight.indexToPatient();
        Vec3 middle = straight.toPatient(36.5, 41.5, 37.5);
        Vec3 x = turn.applyToDirection(m.step(0));
        Vec3 y = turn.applyToDirection(m.step(1));
        Vec3 z = turn.applyToDirection(m.step(2));
        Vec3 origin = middle.minus(x.times(36.5)).minus(y.times(41.5)).minus(z.times(37.5));
        VolumeGeometry turned =
                new VolumeGeometry(
                        straight.columns(),
                        straight.rows(),
                        straight.slices(),
                        Affine.ofColumns(x, y, z, origin.plus(turn.origin())));
        JointSurfaces two = joint(head, Side.RIGHT, turned, c.plus(new Vec3(1.5, -2, 1)));
        assertThat(NegativeVolumeTest.volume(two) / NegativeVolumeTest.volume(one))
                .isCloseTo(1, within(0.007));
        assertThat(
                        MeshMeasures.areaMm2(two.negativeVolume())
                                / MeshMeasures.areaMm2(one.negativeVolume()))
                .isCloseTo(1, within(0.005));
        assertThat(MeshMeasures.volumeMm3(two.condyle()) / MeshMeasures.volumeMm3(one.condyle()))
                .isCloseTo(1, within(0.005));
        assertThat(one.condyleAxis().dot(two.condyleAxis()))
                .isGreaterThan(Math.cos(Math.toRadians(0.2)));
    }

    @Test
    void anotherResolutionGivesTheSameJoint() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        Vec3 c = head.truth(Side.LEFT).centre();
        JointSurfaces usual = joint(head, Side.LEFT, grid(c, 0.4), c);
        double volume = NegativeVolumeTest.volume(usual);
        double area = usual.negativeAreaMm2();
        for (double spacing : new double[] {0.3, 0.4, 0.6}) {
            VolumeGeometry g = grid(c.plus(new Vec3(0.1, 0.37, -0.21).times(spacing)), spacing);
            JointSurfaces other = joint(head, Side.LEFT, g, c);
            assertThat(NegativeVolumeTest.volume(other))
                    .as("volume at %.1f mm", spacing)
                    .isCloseTo(volume, within(0.007 * volume));
            assertThat(other.negativeAreaMm2())
                    .as("area at %.1f mm", spacing)
                    .isCloseTo(area, within(0.015 * area));
            assertThat(MeshMeasures.volumeMm3(other.condyle()))
                    .as("condyle at %.1f mm", spacing)
                    .isCloseTo(
                            MeshMeasures.volumeMm3(usual.condyle()),
                            within(0.005 * MeshMeasures.volumeMm3(usual.condyle())));
        }
    }

    /** With mouth and neck's cut; at 5 mm, the reach, no bone stops the surface any more. */
    @Test
    void everyTenthOfAMillimetreMoreGapRoundACondyleIsMoreVolume() {
        double before = Double.NaN;
        double stepBefore = Double.NaN;
        for (int tenths = 5; tenths <= 49; tenths++) {
            HeadPhantom head = HeadPhantom.of(withGap(tenths / 10.0));
            Vec3 c = head.truth(Side.LEFT).centre();
            double v = NegativeVolumeTest.volume(joint(head, Side.LEFT, grid(c, 0.6), c));
            double step = v - before;
            if (tenths > 5) {
                assertThat(v).as("gap %d tenths of a mm", tenths).isGreaterThan(before);
            }
            if (tenths > 6) {
                assertThat(step)
                        .as("step to %d tenths of a mm", tenths)
                        .isCloseTo(stepBefore, within(0.015 * v));
            }
            stepBefore = step;
            before = v;
        }
    }

    /** The demonstration's left joint with the same joint space on all sides. */
    private static PhantomParameters withGap(double mm) {
        PhantomParameters demo = PhantomParameters.demo();
        PhantomParameters.Joint j = demo.left();
        return demo.withJoint(
                Side.LEFT,
                new PhantomParameters.Joint(
                        j.lateralMm(),
                        j.posteriorMm(),
                        j.upMm(),
                        j.widthMm(),
                        j.depthMm(),
                        j.heightMm(),
                        j.horizontalAngleDegrees(),
                        mm,
                        mm,
                        mm,
                        mm,
                        mm,
                        j.roofMm(),
                        j.eminenceDepthMm(),
                        j.eminenceSlopeMm(),
                        j.corticalMm(),
                        j.flatteningMm(),
                        j.erosionMm(),
                        j.osteophyteMm()));
    }
}
