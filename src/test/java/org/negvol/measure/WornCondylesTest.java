package org.negvol.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.negvol.surface.JointSurfaces;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Condyles as scans show them: hardly ellipsoids, on necks that run straight up into the head. */
class WornCondylesTest {

    private static final double GAP = 2.3;

    private static final List<Measure> SPACES =
            List.of(
                    Measure.ANTERIOR_JOINT_SPACE,
                    Measure.SUPERIOR_JOINT_SPACE,
                    Measure.POSTERIOR_JOINT_SPACE,
                    Measure.MEDIAL_JOINT_SPACE,
                    Measure.LATERAL_JOINT_SPACE);

    /** What disease and age make of an ellipsoid; lateral, posterior and up from its centre. */
    private enum Shape {
        STRAIGHT_NECK,
        ANTERIOR_LIP,
        FLAT_TOP,
        LATERAL_OSTEOPHYTE,
        MEDIAL_EROSION;

        double change(double head, double u, double v, double w) {
            return switch (this) {
                case STRAIGHT_NECK -> head;
                case ANTERIOR_LIP ->
                        Math.min(head, ellipsoid(u, v + 4.3, w - 0.3, new double[] {6, 1.6, 1.3}));
                case FLAT_TOP -> Math.max(head, w - 4.3);
                case LATERAL_OSTEOPHYTE ->
                        Math.min(head, Math.hypot(Math.hypot(u - 8, v - 2), w - 0.5) - 2.4);
                case MEDIAL_EROSION ->
                        Math.max(head, 2 - Math.hypot(Math.hypot(u + 5, v + 3.5), w - 3));
            };
        }

        private static double ellipsoid(double u, double v, double w, double[] r) {
            double a = u / r[0];
            double b = v / r[1];
            double c = w / r[2];
            double k = Math.sqrt(a * a + b * b + c * c);
            return (k - 1) * Math.min(r[0], Math.min(r[1], r[2]));
        }
    }

    private static final Condyle ELLIPSOID = Condyle.typical(Side.RIGHT);

    /** The shape on a neck that leans forward and whose back ends flush with the head's. */
    private static double bone(Shape shape, Vec3 p) {
        Vec3 d = p.minus(ELLIPSOID.centre());
        double u = d.dot(ELLIPSOID.lateral());
        double v = d.dot(ELLIPSOID.posterior());
        double w = d.dot(ELLIPSOID.up());
        double head = shape.change(ELLIPSOID.head(p, 0), u, v, w);
        double back = v - 4.4 - 0.1 * w;
        double front = -2.8 - v + 0.35 * w;
        double neck = Math.max(Math.max(back, front), Math.max(Math.abs(u) - 7 - 0.3 * w, w));
        return Math.min(head, neck);
    }

    private static double socket(Vec3 p) {
        double w = p.minus(ELLIPSOID.centre()).dot(ELLIPSOID.up());
        double block = Math.max(-1 - w, w - ELLIPSOID.height() - GAP - 4);
        return Math.max(block, -ELLIPSOID.head(p, GAP));
    }

    private static final VolumeGeometry GRID =
            VolumeGeometry.axisAligned(65, 58, 52, 0.6, new Vec3(-19.2, -17.1, -13.9));

    private static JointMeasures measure(
            ToDoubleFunction<Vec3> bone, Vec3 cutAxis, double cutMm, JointContext context) {
        Vec3 cut = ELLIPSOID.centre().minus(ELLIPSOID.up().times(cutMm));
        JointSurfaces joint =
                Joints.of(
                        Side.RIGHT,
                        GRID,
                        bone,
                        WornCondylesTest::socket,
                        cutAxis.normalised(),
                        cut);
        return JointMeasurer.measure(joint, context);
    }

    private static JointMeasures measure(Shape shape) {
        return measure(p -> bone(shape, p), ELLIPSOID.up(), 4.5, JointContext.UNKNOWN);
    }

    private static double value(JointMeasures m, Measure measure) {
        return m.value(measure)
                .orElseThrow(() -> new AssertionError(measure + " is missing: " + m.flags()));
    }

    @ParameterizedTest
    @EnumSource
    void theCentreStaysThatOfTheHeadAndTheSpacesKeepTheirSites(Shape shape) {
        JointMeasures m = measure(shape);
        Vec3 centre = m.landmark(Landmark.Kind.CONDYLE_CENTRE).orElseThrow();
        assertThat(centre.distanceTo(ELLIPSOID.centre())).as("%s", centre).isLessThan(0.7);
        assertThat(value(m, Measure.HORIZONTAL_CONDYLAR_ANGLE)).isCloseTo(20, within(4.0));
        double worn = shape == Shape.FLAT_TOP ? 5.5 - 4.3 : 0;
        assertThat(value(m, Measure.SUPERIOR_JOINT_SPACE)).isCloseTo(GAP + worn, within(0.15));
        assertThat(value(m, Measure.POSTERIOR_JOINT_SPACE)).isCloseTo(GAP, within(0.15));
        if (shape != Shape.ANTERIOR_LIP) {
            assertThat(value(m, Measure.ANTERIOR_JOINT_SPACE)).isCloseTo(GAP, within(0.15));
        }
        assertThat(value(m, Measure.CONDYLE_DEPTH)).isBetween(8.7, 11.0);
    }

    @ParameterizedTest
    @EnumSource(names = {"STRAIGHT_NECK", "ANTERIOR_LIP", "LATERAL_OSTEOPHYTE"})
    void neitherTheNecksCutNorTheHeadsPostureNorNoiseMovesASpace(Shape shape) {
        List<JointMeasures> all = new ArrayList<>();
        ToDoubleFunction<Vec3> bone = p -> bone(shape, p);
        Vec3 up = ELLIPSOID.up();
        JointContext known = JointContext.UNKNOWN;
        for (double cut : new double[] {3.5, 5.5}) {
            all.add(measure(bone, up, cut, known));
        }
        double tilt = Math.tan(Math.toRadians(10));
        all.add(measure(bone, up.plus(ELLIPSOID.posterior().times(tilt)), 4.5, known));
        all.add(measure(bone, up.minus(ELLIPSOID.posterior().times(tilt)), 4.5, known));
        for (int degrees : new int[] {-5, 5}) {
            double a = Math.toRadians(degrees);
            PatientAxes pitched =
                    new PatientAxes(
                            new Vec3(1, 0, 0),
                            new Vec3(0, Math.cos(a), Math.sin(a)),
                            new Vec3(0, -Math.sin(a), Math.cos(a)));
            all.add(measure(bone, up, 4.5, known.withAxes(pitched)));
            PatientAxes rolled =
                    new PatientAxes(
                            new Vec3(Math.cos(a), 0, Math.sin(a)),
                            new Vec3(0, 1, 0),
                            new Vec3(-Math.sin(a), 0, Math.cos(a)));
            all.add(measure(bone, up, 4.5, known.withAxes(rolled)));
        }
        SplittableRandom random = new SplittableRandom(11);
        ScalarVolume noise = Joints.field(GRID, p -> 0.1 * random.nextGaussian());
        all.add(measure(p -> bone.applyAsDouble(p) + noise.sample(p), up, 4.5, known));
        for (Measure space : SPACES) {
            double least = Double.POSITIVE_INFINITY;
            double most = Double.NEGATIVE_INFINITY;
            int measured = 0;
            for (JointMeasures m : all) {
                if (m.value(space).isPresent()) {
                    measured++;
                    least = Math.min(least, value(m, space));
                    most = Math.max(most, value(m, space));
                }
            }
            if (space == Measure.SUPERIOR_JOINT_SPACE || space == Measure.POSTERIOR_JOINT_SPACE) {
                assertThat(measured).as("%s", space).isEqualTo(all.size());
            }
            if (measured > 0) {
                assertThat(most - least).as("%s from %f", space, least).isLessThan(0.25);
            }
        }
    }

    @Test
    void aSpaceWithoutBoneOnItsSideIsRefusedAndNamed() {
        JointSurfaces open =
                Joints.of(
                        Side.RIGHT,
                        GRID,
                        p -> bone(Shape.STRAIGHT_NECK, p),
                        p ->
                                Math.max(
                                        socket(p),
                                        -2
                                                - p.minus(ELLIPSOID.centre())
                                                        .dot(ELLIPSOID.posterior())),
                        ELLIPSOID.up(),
                        ELLIPSOID.centre().minus(ELLIPSOID.up().times(4.5)));
        JointMeasures m = JointMeasurer.measure(open);
        assertThat(m.value(Measure.ANTERIOR_JOINT_SPACE)).isEmpty();
        assertThat(m.flags())
                .anyMatch(
                        f ->
                                f.reason() == QualityFlag.Reason.NOT_MEASURABLE
                                        && f.sentence().contains("AJS"));
        assertThat(value(m, Measure.SUPERIOR_JOINT_SPACE)).isCloseTo(GAP, within(0.1));
        assertThat(value(m, Measure.POSTERIOR_JOINT_SPACE)).isCloseTo(GAP, within(0.1));
    }

    @Test
    void aSpaceNarrowerThanTheSlicesAreApartAlongItIsNotReported() {
        VolumeGeometry axial =
                new VolumeGeometry(256, 256, 40, Affine.of(0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 3, 0));
        VolumeGeometry sagittal =
                new VolumeGeometry(
                        256, 256, 40, Affine.of(0, 0, 3, 0, 0.5, 0, 0, 0, 0, -0.5, 0, 0));
        ToDoubleFunction<Vec3> bone = p -> bone(Shape.STRAIGHT_NECK, p);
        JointMeasures thick =
                measure(bone, ELLIPSOID.up(), 4.5, JointContext.UNKNOWN.withSource(axial));
        assertThat(thick.value(Measure.SUPERIOR_JOINT_SPACE)).isEmpty();
        assertThat(thick.flags())
                .anyMatch(
                        f ->
                                f.sentence().contains("SJS")
                                        && f.sentence().contains("image points are apart"));
        assertThat(thick.value(Measure.POSTERIOR_JOINT_SPACE)).isPresent();
        VolumeGeometry thicker =
                new VolumeGeometry(256, 256, 40, Affine.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 6, 0));
        JointMeasures coarse =
                measure(bone, ELLIPSOID.up(), 4.5, JointContext.UNKNOWN.withSource(thicker));
        assertThat(coarse.value(Measure.JOINT_SPACE_MEAN)).isEmpty();
        assertThat(coarse.flags()).anyMatch(f -> f.sentence().startsWith("Mean, deviation"));
        JointMeasures along =
                measure(bone, ELLIPSOID.up(), 4.5, JointContext.UNKNOWN.withSource(sagittal));
        assertThat(value(along, Measure.SUPERIOR_JOINT_SPACE)).isCloseTo(GAP, within(0.1));
        assertThat(value(along, Measure.JOINT_SPACE_MEAN)).isCloseTo(GAP, within(0.1));
        assertThat(along.hasFlag(QualityFlag.Reason.COARSE_RESOLUTION)).isTrue();
    }

    @Test
    void aSizeThatNoCondyleHasIsRefusedAndNamed() {
        Condyle giant =
                new Condyle(
                        Side.LEFT, PatientAxes.SCANNER, Vec3.ZERO, 16, 4.5, 5.5, 0, 0, List.of());
        JointSurfaces joint =
                Joints.of(
                        Side.LEFT,
                        GRID,
                        giant::distance,
                        p -> Math.abs(p.z() - 10) - 2,
                        giant.up(),
                        giant.cut());
        JointMeasures m = JointMeasurer.measure(joint);
        assertThat(m.value(Measure.CONDYLE_WIDTH)).isEmpty();
        assertThat(value(m, Measure.CONDYLE_DEPTH)).isCloseTo(9, within(0.1));
        assertThat(m.flags())
                .anyMatch(
                        f ->
                                f.reason() == QualityFlag.Reason.NOT_MEASURABLE
                                        && f.sentence().contains("Condyle width")
                                        && f.sentence().contains("9 to 28"));
    }
}
