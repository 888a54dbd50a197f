package org.negvol.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.JointTruth;
import org.negvol.phantom.PhantomParameters;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Fields of phantom heads go in; the joint spaces the phantoms were made with come out. */
class PhantomTruthTest {

    private static PhantomParameters head(long seed, double warpMm, double opening, double glide) {
        PhantomParameters p = seed == 0 ? PhantomParameters.demo() : PhantomParameters.random(seed);
        PhantomParameters.Head h = p.head();
        return p.withHead(
                new PhantomParameters.Head(
                        h.scaleX(),
                        h.scaleY(),
                        h.scaleZ(),
                        warpMm,
                        h.vaultThicknessMm(),
                        h.fatMm(),
                        h.pneumatisation(),
                        h.pitchDegrees(),
                        h.yawDegrees(),
                        h.rollDegrees(),
                        h.originX(),
                        h.originY(),
                        h.originZ(),
                        true,
                        h.teeth(),
                        opening,
                        glide));
    }

    /** Smaller than a VOI, for a phantom's fields take their time. */
    private static VolumeGeometry grid(Vec3 centre) {
        Vec3 half = new Vec3(73, 83, 75).times(0.45 / 2);
        return VolumeGeometry.axisAligned(74, 84, 76, 0.45, centre.minus(half));
    }

    private static JointSurfaces surfaces(HeadPhantom head, Side side) {
        Vec3 c = head.truth(side).centre();
        VolumeGeometry g = grid(c);
        return surfaces(side, head.condyleMm(g), head.temporalMm(g), c);
    }

    private static JointSurfaces surfaces(
            Side side, ScalarVolume mandible, ScalarVolume temporal, Vec3 centre) {
        JointSurfaceResult r =
                NegativeVolume.compute(
                        side, mandible, temporal, centre, NegativeVolumeParameters.DEFAULT);
        assertThat(r).isInstanceOf(JointSurfaceResult.Computed.class);
        return ((JointSurfaceResult.Computed) r).surfaces();
    }

    private static JointMeasures measure(HeadPhantom head, Side side) {
        return JointMeasurer.measure(
                surfaces(head, side), JointContext.UNKNOWN.withAxes(Joints.axes(head, side)));
    }

    private static double value(JointMeasures m, Measure measure) {
        return m.value(measure)
                .orElseThrow(() -> new AssertionError(measure + " is missing: " + m.flags()));
    }

    /** A joint as it should be, one worn flat, one with an osteophyte, one narrow. */
    @ParameterizedTest
    @CsvSource({"0, LEFT, 0.05", "3, RIGHT, 0.1", "12, RIGHT, 0.05"})
    void theJointSpacesOfAHeadComeOutAsTheyWentIn(long seed, Side side, double tolerance) {
        HeadPhantom head = HeadPhantom.of(head(seed, 0, 0, 0));
        JointTruth truth = head.truth(side);
        JointMeasures m = measure(head, side);
        Map<Measure, JointTruth.Gap> gaps =
                Map.of(
                        Measure.ANTERIOR_JOINT_SPACE, truth.anterior(),
                        Measure.SUPERIOR_JOINT_SPACE, truth.superior(),
                        Measure.POSTERIOR_JOINT_SPACE, truth.posterior(),
                        Measure.MEDIAL_JOINT_SPACE, truth.medial(),
                        Measure.LATERAL_JOINT_SPACE, truth.lateral());
        gaps.forEach(
                (measure, gap) ->
                        assertThat(value(m, measure))
                                .as("%s", measure)
                                .isCloseTo(gap.mm(), within(tolerance)));
        assertThat(value(m, Measure.HORIZONTAL_CONDYLAR_ANGLE))
                .isCloseTo(head.parameters().joint(side).horizontalAngleDegrees(), within(0.5));
        assertThat(value(m, Measure.CONDYLE_WIDTH))
                .isCloseTo(truth.medialPole().distanceTo(truth.lateralPole()), within(0.1));
        assertThat(m.landmark(Landmark.Kind.CONDYLE_CENTRE).orElseThrow())
                .satisfies(p -> assertThat(p.distanceTo(truth.centre())).isLessThan(0.2));
        assertThat(m.hasFlag(QualityFlag.Reason.BONE_CONTACT)).isFalse();
        assertThat(m.hasFlag(QualityFlag.Reason.OPEN_MOUTH)).isFalse();
    }

    /** A deformed head has no nominal truth; its surfaces, asked along the same ways, have one. */
    @ParameterizedTest
    @CsvSource("5, LEFT")
    void inADeformedHeadEverySpaceIsThatOfTheExactSurfaces(long seed, Side side) {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.random(seed));
        JointMeasures m = measure(head, side);
        for (Measure measure :
                new Measure[] {
                    Measure.ANTERIOR_JOINT_SPACE,
                    Measure.SUPERIOR_JOINT_SPACE,
                    Measure.POSTERIOR_JOINT_SPACE,
                    Measure.MEDIAL_JOINT_SPACE,
                    Measure.LATERAL_JOINT_SPACE
                }) {
            Measurement space =
                    m.measurement(measure)
                            .orElseThrow(() -> new AssertionError(measure + ": " + m.flags()));
            Vec3 start = space.line().get(0);
            Vec3 end = space.line().get(1);
            ToDoubleFunction<Vec3> condyle = head::condyleMm;
            // On the condyle, along its normal, and on the temporal bone.
            assertThat(condyle.applyAsDouble(start)).as("%s", measure).isCloseTo(0, within(0.03));
            assertThat(head.temporalMm(end)).as("%s", measure).isCloseTo(0, within(0.05));
            Vec3 normal = Condyle.gradient(condyle, start);
            assertThat(end.minus(start).normalised().dot(normal))
                    .as("%s", measure)
                    .isGreaterThan(Math.cos(Math.toRadians(3)));
        }
    }

    @Test
    void anOpenMouthIsFlaggedAndMeasuredWhereTheCondyleStands() {
        HeadPhantom head = HeadPhantom.of(head(0, 0, 18, 9));
        JointSurfaces joint = surfaces(head, Side.LEFT);
        JointMeasures m = JointMeasurer.measure(joint);
        assertThat(m.hasFlag(QualityFlag.Reason.OPEN_MOUTH)).as("%s", m.flags()).isTrue();
    }

    @Test
    void theScanThatEndsBelowTheJointGivesTheSameSpaces() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        Side side = Side.LEFT;
        Vec3 c = head.truth(side).centre();
        VolumeGeometry whole = grid(c);
        ScalarVolume mandible = head.condyleMm(whole);
        ScalarVolume temporal = head.temporalMm(whole);
        // The lowest slice lies 9 mm below the centre, 14.5 mm below the top.
        int cut = (int) Math.round(whole.toIndex(c.minus(new Vec3(0, 0, 9))).z());
        JointMeasures m =
                JointMeasurer.measure(
                        surfaces(side, above(mandible, cut), above(temporal, cut), c));
        JointMeasures all = JointMeasurer.measure(surfaces(side, mandible, temporal, c));
        for (Measure measure :
                new Measure[] {
                    Measure.NEGATIVE_VOLUME, Measure.CONDYLE_VOLUME, Measure.SUPERIOR_JOINT_SPACE
                }) {
            assertThat(value(m, measure) / value(all, measure))
                    .as("%s", measure)
                    .isCloseTo(1, within(0.01));
        }
    }

    private static ScalarVolume above(ScalarVolume v, int slice) {
        VolumeGeometry g = v.geometry();
        return new ScalarVolume(
                g.box(0, 0, slice, g.columns(), g.rows(), g.slices() - slice),
                Arrays.copyOfRange(v.values(), slice * g.columns() * g.rows(), v.values().length));
    }

    /** What a segmentation does where bones nearly touch: the labels grow together. */
    @Test
    void aBridgeBetweenTheBonesIsFlaggedAsContact() {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.demo());
        Side side = Side.RIGHT;
        JointTruth truth = head.truth(side);
        VolumeGeometry g = grid(truth.centre());
        Vec3 from = truth.superior().condyle();
        Vec3 to = truth.superior().temporal();
        ToDoubleFunction<Vec3> bridge =
                p -> {
                    double t =
                            Math.clamp(
                                    p.minus(from).dot(to.minus(from))
                                            / to.minus(from).dot(to.minus(from)),
                                    -0.3,
                                    1);
                    return p.distanceTo(from.plus(to.minus(from).times(t))) - 1.2;
                };
        ScalarVolume mandible = head.condyleMm(g);
        float[] grown = mandible.values().clone();
        float[] temporal = head.temporalMm(g).values().clone();
        int o = 0;
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    double b = bridge.applyAsDouble(g.toPatient(i, j, k));
                    grown[o] = (float) Math.max(Math.min(grown[o], b), -temporal[o]);
                }
            }
        }
        JointMeasures m =
                JointMeasurer.measure(
                        surfaces(
                                side,
                                new ScalarVolume(g, grown),
                                new ScalarVolume(g, temporal),
                                truth.centre()));
        assertThat(m.hasFlag(QualityFlag.Reason.BONE_CONTACT)).as("%s", m.flags()).isTrue();
        assertThat(value(m, Measure.JOINT_SPACE_MIN)).isLessThan(0.2);
    }
}
