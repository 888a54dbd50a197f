package org.negvol.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.surface.JointSurfaces;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Joints by formula, whose every distance and angle is known. */
class JointMeasurerTest {

    private static final double GAP = 2.3;

    private static VolumeGeometry grid(double spacing) {
        int n = (int) Math.round(36 / spacing);
        int m = (int) Math.round(28 / spacing);
        return VolumeGeometry.axisAligned(n, n, m, spacing, new Vec3(-18, -18, -11));
    }

    /**
     * A block of bone above the condyle, from 1 mm below its centre, out of which the condyle's
     * outline grown by a gap is hollowed, moved as told.
     */
    private static ToDoubleFunction<Vec3> socket(Condyle c, double gap, Vec3 moved) {
        return p -> {
            double w = p.minus(c.centre()).dot(c.up());
            double block = Math.max(-1 - w, w - c.height() - gap - 4);
            return Math.max(block, -c.head(p.minus(moved), gap));
        };
    }

    private static JointSurfaces joint(
            Condyle c, ToDoubleFunction<Vec3> temporal, VolumeGeometry grid) {
        return Joints.of(c.side(), grid, c::distance, temporal, c.up(), c.cut());
    }

    private static JointMeasures measure(
            Condyle c, ToDoubleFunction<Vec3> temporal, VolumeGeometry grid) {
        return JointMeasurer.measure(
                joint(c, temporal, grid), JointContext.UNKNOWN.withAxes(c.axes()));
    }

    private static void assertSpaces(
            JointMeasures m, Condyle c, ToDoubleFunction<Vec3> temporal, double tolerance) {
        double k = Math.cos(Math.toRadians(40));
        double s = Math.sin(Math.toRadians(40));
        assertSpace(m, Measure.ANTERIOR_JOINT_SPACE, c.space(temporal, 0, -k, s), tolerance);
        assertSpace(m, Measure.SUPERIOR_JOINT_SPACE, c.space(temporal, 0, 0, 1), tolerance);
        assertSpace(m, Measure.POSTERIOR_JOINT_SPACE, c.space(temporal, 0, k, s), tolerance);
        assertSpace(m, Measure.MEDIAL_JOINT_SPACE, c.space(temporal, -k, 0, s), tolerance);
        assertSpace(m, Measure.LATERAL_JOINT_SPACE, c.space(temporal, k, 0, s), tolerance);
    }

    private static void assertSpace(
            JointMeasures m, Measure measure, double expected, double tolerance) {
        assertThat(m.value(measure)).as("%s", measure).isPresent();
        assertThat(m.value(measure).getAsDouble())
                .as("%s", measure)
                .isCloseTo(expected, within(tolerance));
    }

    private static double value(JointMeasures m, Measure measure) {
        return m.value(measure)
                .orElseThrow(() -> new AssertionError(measure + " is missing: " + m.flags()));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.3, 0.4, 0.6})
    void aBallInARoundSocketHasTheSameSpaceEverywhere(double spacing) {
        Condyle ball = Condyle.ball(7);
        JointMeasures m = measure(ball, socket(ball, GAP, Vec3.ZERO), grid(spacing));
        for (Measure space :
                List.of(
                        Measure.ANTERIOR_JOINT_SPACE,
                        Measure.SUPERIOR_JOINT_SPACE,
                        Measure.POSTERIOR_JOINT_SPACE,
                        Measure.MEDIAL_JOINT_SPACE,
                        Measure.LATERAL_JOINT_SPACE,
                        Measure.ANTERIOR_TANGENT_SPACE,
                        Measure.POSTERIOR_TANGENT_SPACE,
                        Measure.JOINT_SPACE_MEAN,
                        Measure.JOINT_SPACE_MIN,
                        Measure.JOINT_SPACE_MEDIAN,
                        Measure.JOINT_SPACE_P95,
                        Measure.JOINT_SPACE_SUPERIOR_MEAN,
                        Measure.JOINT_SPACE_MEDIAL_MEAN)) {
            assertThat(value(m, space)).as("%s", space).isCloseTo(GAP, within(0.05));
        }
        assertThat(value(m, Measure.JOINT_SPACE_SD)).isLessThan(0.02);
        assertThat(value(m, Measure.CONDYLE_WIDTH)).isCloseTo(14, within(0.05));
        assertThat(value(m, Measure.CONDYLE_DEPTH)).isCloseTo(14, within(0.05));
        assertThat(value(m, Measure.CONDYLE_HEIGHT)).isCloseTo(7, within(0.05));
        assertThat(m.landmark(Landmark.Kind.CONDYLE_CENTRE).orElseThrow().distanceTo(ball.centre()))
                .isLessThan(0.05);
        // A ball has no long axis, so no angle; and that is said.
        assertThat(m.value(Measure.HORIZONTAL_CONDYLAR_ANGLE)).isEmpty();
        assertThat(m.hasFlag(QualityFlag.Reason.NOT_MEASURABLE)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0.3, LEFT, 20",
        "0.4, LEFT, 0",
        "0.4, RIGHT, 12",
        "0.4, RIGHT, 38",
        "0.6, LEFT, 25",
        "0.6, RIGHT, 5"
    })
    void anEllipsoidInAnEllipsoidIsMeasuredToATwentiethOfAMillimetreAndHalfADegree(
            double spacing, Side side, double angle) {
        Condyle c = Condyle.typical(side).turned(angle);
        ToDoubleFunction<Vec3> temporal = socket(c, GAP, Vec3.ZERO);
        JointMeasures m = measure(c, temporal, grid(spacing));
        assertSpaces(m, c, temporal, 0.05);
        assertThat(value(m, Measure.HORIZONTAL_CONDYLAR_ANGLE)).isCloseTo(angle, within(0.5));
        assertThat(value(m, Measure.CONDYLE_WIDTH)).isCloseTo(19, within(0.05));
        assertThat(value(m, Measure.CONDYLE_DEPTH)).isCloseTo(9, within(0.05));
        assertThat(value(m, Measure.CONDYLE_HEIGHT)).isCloseTo(5.5, within(0.05));
        assertThat(m.landmark(Landmark.Kind.LATERAL_POLE).orElseThrow())
                .satisfies(
                        p ->
                                assertThat(p.distanceTo(c.centre().plus(c.lateral().times(9.5))))
                                        .isLessThan(0.1));
        // A shell round the condyle has no eminence, so the fossa's width may be refused; nothing
        // else may.
        assertThat(m.flags())
                .filteredOn(f -> f.reason() == QualityFlag.Reason.NOT_MEASURABLE)
                .allSatisfy(f -> assertThat(f.sentence()).startsWith("Fossa"));
    }

    @ParameterizedTest
    @CsvSource({"0.8, 0.3, -0.6", "-0.9, -0.7, 0.4", "0.1, 0.9, 0.5"})
    void aCondyleOutOfTheMiddleOfItsFossaShowsItInEverySpace(double x, double y, double z) {
        Condyle c = Condyle.typical(Side.RIGHT);
        ToDoubleFunction<Vec3> temporal = socket(c, GAP, new Vec3(x, y, z));
        JointMeasures m = measure(c, temporal, grid(0.4));
        assertSpaces(m, c, temporal, 0.05);
    }

    @Test
    void turnedHeadsAndTiltedGridsChangeNothing() {
        double a = Math.toRadians(14);
        double b = Math.toRadians(-9);
        Vec3 left = new Vec3(Math.cos(a), Math.sin(a), 0);
        Vec3 up = new Vec3(0, Math.sin(b), Math.cos(b));
        up = up.minus(left.times(up.dot(left))).normalised();
        PatientAxes axes = new PatientAxes(left, up.cross(left), up);
        Condyle c = Condyle.typical(Side.LEFT).in(axes);
        ToDoubleFunction<Vec3> temporal = socket(c, GAP, c.direction(0.3, -0.5, 0.2));
        double tilt = Math.tan(Math.toRadians(12));
        VolumeGeometry sheared =
                new VolumeGeometry(
                        100,
                        104,
                        60,
                        Affine.of(0.37, 0, 0, -18, 0, 0.37, 0.5 * tilt, -21, 0, 0, 0.5, -12));
        JointMeasures m = measure(c, temporal, sheared);
        assertSpaces(m, c, temporal, 0.05);
        assertThat(value(m, Measure.HORIZONTAL_CONDYLAR_ANGLE)).isCloseTo(20, within(0.5));
    }

    @Test
    void wearMovesNeitherCentreNorAngle() {
        Condyle c =
                Condyle.typical(Side.RIGHT)
                        .worn(1.8, new double[] {5, -1.5, 3.5, 2.3}, new double[] {-3, 1, 3, 1.5});
        ToDoubleFunction<Vec3> temporal = socket(Condyle.typical(Side.RIGHT), GAP, Vec3.ZERO);
        JointMeasures m = measure(c, temporal, grid(0.4));
        assertThat(m.landmark(Landmark.Kind.CONDYLE_CENTRE).orElseThrow().distanceTo(c.centre()))
                .isLessThan(0.1);
        assertThat(value(m, Measure.HORIZONTAL_CONDYLAR_ANGLE)).isCloseTo(20, within(0.5));
        assertThat(value(m, Measure.CONDYLE_HEIGHT)).isCloseTo(5.5 - 1.8, within(0.05));
        assertThat(value(m, Measure.SUPERIOR_JOINT_SPACE)).isCloseTo(GAP + 1.8, within(0.05));
    }

    @Test
    void noiseOfATenthOfAMillimetreCostsLessThanThat() {
        long seed = 7;
        SplittableRandom r = new SplittableRandom(seed);
        Condyle c = Condyle.typical(Side.LEFT);
        ToDoubleFunction<Vec3> temporal = socket(c, GAP, Vec3.ZERO);
        VolumeGeometry g = grid(0.4);
        ScalarVolume condyle = Joints.field(g, p -> c.distance(p) + 0.1 * r.nextGaussian());
        ScalarVolume bone =
                Joints.field(g, p -> temporal.applyAsDouble(p) + 0.1 * r.nextGaussian());
        JointMeasures m =
                JointMeasurer.measure(Joints.of(Side.LEFT, condyle, bone, c.up(), c.cut()));
        assertSpaces(m, c, temporal, 0.25);
        assertThat(value(m, Measure.HORIZONTAL_CONDYLAR_ANGLE))
                .as("seed %d", seed)
                .isCloseTo(20, within(0.5));
        // The nearest point of a rough surface is one of its peaks.
        assertThat(value(m, Measure.JOINT_SPACE_MEAN)).isCloseTo(GAP, within(0.2));
    }

    @Test
    void everyTenthOfAMillimetreMoreSpaceIsSeen() {
        Condyle ball = Condyle.ball(7);
        double before = 0;
        for (double gap = 0.5; gap < 5; gap += 1.1) {
            for (double g = gap; g < gap + 0.15; g += 0.1) {
                JointMeasures m = measure(ball, socket(ball, g, Vec3.ZERO), grid(0.6));
                double space = value(m, Measure.SUPERIOR_JOINT_SPACE);
                assertThat(space).isCloseTo(g, within(0.05)).isGreaterThan(before);
                before = space;
            }
        }
    }

    /**
     * A fossa extruded along the long axis: roof 7 mm over the crest of the eminence 10 mm in
     * front, and a rim 9 mm behind that hangs as low as told.
     */
    private static double fossaHeight(double v, double rim) {
        if (v <= 0) {
            return 4.5 + 3.5 * Math.cos(Math.PI * v / 10);
        }
        double half = (8 - rim) / 2;
        return rim + half + half * Math.cos(Math.PI * v / 9);
    }

    private static ToDoubleFunction<Vec3> extruded(Condyle c, double rim) {
        return p -> {
            Vec3 d = p.minus(c.centre());
            double v = Math.clamp(d.dot(c.posterior()), -15, 13);
            double w = d.dot(c.up());
            double slope = (fossaHeight(v + 1e-4, rim) - fossaHeight(v - 1e-4, rim)) / 2e-4;
            return Math.max((fossaHeight(v, rim) - w) / Math.sqrt(1 + slope * slope), w - 11);
        };
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.0, 2.5, 4.0})
    void fossaWidthAndDepthRunFromTheCrestToAPosteriorRimThatIsHigher(double rim) {
        Condyle c = Condyle.typical(Side.LEFT);
        JointMeasures m = measure(c, extruded(c, rim), grid(0.4));
        double width = Math.hypot(19, rim - 1);
        assertThat(value(m, Measure.FOSSA_WIDTH)).isCloseTo(width, within(0.1));
        double deepest = 0;
        for (double v = -10; v < 9; v += 0.01) {
            double over = (fossaHeight(v, rim) - 1) * 19 - (v + 10) * (rim - 1);
            deepest = Math.max(deepest, over / width);
        }
        assertThat(value(m, Measure.FOSSA_DEPTH)).isCloseTo(deepest, within(0.05));
        assertThat(m.landmark(Landmark.Kind.EMINENCE_CREST).orElseThrow())
                .satisfies(
                        p ->
                                assertThat(p.distanceTo(c.centre().plus(c.direction(0, -10, 1))))
                                        .isLessThan(0.1));
    }

    @Test
    void aPosteriorWallThatRunsOnDownEndsTheFossaAtTheLevelOfTheCrest() {
        Condyle c = Condyle.typical(Side.RIGHT);
        JointMeasures m = measure(c, extruded(c, -6), grid(0.4));
        // -6 + 7 + 7 cos(π v / 9) = 1 at the middle of the wall.
        assertThat(value(m, Measure.FOSSA_WIDTH)).isCloseTo(14.5, within(0.05));
        assertThat(value(m, Measure.FOSSA_DEPTH)).isCloseTo(7, within(0.05));
    }

    @Test
    void aFossaWithoutEminenceHasNoWidthAndAReasonWhy() {
        Condyle c = Condyle.typical(Side.LEFT);
        ToDoubleFunction<Vec3> plate = p -> Math.abs(p.minus(c.centre()).dot(c.up()) - 10) - 2;
        JointMeasures m = measure(c, plate, grid(0.6));
        assertThat(m.value(Measure.FOSSA_WIDTH)).isEmpty();
        assertThat(m.value(Measure.FOSSA_DEPTH)).isEmpty();
        assertThat(m.flags())
                .anyMatch(f -> f.sentence().startsWith("Fossa width and depth are not measured"));
        assertThat(value(m, Measure.SUPERIOR_JOINT_SPACE)).isCloseTo(2.5, within(0.05));
    }

    @Test
    void aCondyleUnderTheEminenceIsAnOpenMouth() {
        Condyle closed = Condyle.typical(Side.LEFT);
        ToDoubleFunction<Vec3> temporal = extruded(closed, 1);
        Condyle open = closed.at(closed.centre().plus(closed.direction(0, -8, -6)));
        VolumeGeometry g = VolumeGeometry.axisAligned(60, 80, 60, 0.6, new Vec3(-18, -26, -20));
        JointMeasures m = measure(open, temporal, g);
        assertThat(m.hasFlag(QualityFlag.Reason.OPEN_MOUTH)).as("%s", m.flags()).isTrue();
        assertThat(measure(closed, temporal, grid(0.6)).hasFlag(QualityFlag.Reason.OPEN_MOUTH))
                .isFalse();
    }

    @Test
    void bonesThatTouchAreFlagged() {
        Condyle c = Condyle.typical(Side.LEFT);
        ToDoubleFunction<Vec3> temporal = socket(c, GAP, c.direction(0, 1.5, -2));
        JointMeasures m = measure(c, temporal, grid(0.4));
        assertThat(m.hasFlag(QualityFlag.Reason.BONE_CONTACT)).isTrue();
        assertThat(value(m, Measure.JOINT_SPACE_MIN)).isLessThan(0.2);
        JointMeasures apart = measure(c, socket(c, GAP, Vec3.ZERO), grid(0.4));
        assertThat(apart.hasFlag(QualityFlag.Reason.BONE_CONTACT)).isFalse();
    }

    @Test
    void slicesTooFarApartForTheSpaceAreFlagged() {
        Condyle c = Condyle.typical(Side.LEFT);
        JointSurfaces joint = joint(c, socket(c, GAP, Vec3.ZERO), grid(0.6));
        JointContext axes = JointContext.UNKNOWN;
        assertThat(
                        JointMeasurer.measure(joint, axes.withSourceSpacingMm(2))
                                .hasFlag(QualityFlag.Reason.COARSE_RESOLUTION))
                .isTrue();
        assertThat(
                        JointMeasurer.measure(joint, axes.withSourceSpacingMm(0.6))
                                .hasFlag(QualityFlag.Reason.COARSE_RESOLUTION))
                .isFalse();
    }

    @Test
    void bonesToldApartWithDoubtAreFlaggedInPercent() {
        Condyle c = Condyle.typical(Side.LEFT);
        JointMeasures m =
                JointMeasurer.measure(
                        joint(c, socket(c, GAP, Vec3.ZERO), grid(0.6)),
                        JointContext.UNKNOWN.withConfidence(0.6, 0.55));
        assertThat(m.flags())
                .anyMatch(
                        f ->
                                f.reason() == QualityFlag.Reason.LOW_CONFIDENCE
                                        && f.sentence().contains("45 %"));
    }

    @Test
    void aNegativeVolumeThatRunsOutOfTheVolumeOfInterestIsFlagged() {
        Condyle c = Condyle.typical(Side.LEFT).at(new Vec3(-8, 0, 0));
        VolumeGeometry g = VolumeGeometry.axisAligned(50, 60, 46, 0.6, new Vec3(-18, -18, -11));
        JointMeasures m = measure(c, socket(c, GAP, Vec3.ZERO), g);
        assertThat(m.hasFlag(QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW)).isTrue();
    }

    /** Everything within reach counts in {@link Joints}: here also what a thin shell hides. */
    @Test
    void spaceBehindThinBoneIsFlaggedWithItsSize() {
        Condyle ball = Condyle.ball(7);
        ToDoubleFunction<Vec3> shell =
                p -> {
                    double w = p.minus(ball.centre()).dot(ball.up());
                    return Math.max(-1 - w, Math.abs(ball.head(p, 1.5) - 0.5) - 0.5);
                };
        JointMeasures m = measure(ball, shell, grid(0.4));
        assertThat(m.flags())
                .filteredOn(f -> f.reason() == QualityFlag.Reason.REACH_LIMIT)
                .singleElement()
                .satisfies(f -> assertThat(f.sentence()).contains("behind the temporal bone"));
        assertThat(
                        measure(ball, socket(ball, GAP, Vec3.ZERO), grid(0.4))
                                .hasFlag(QualityFlag.Reason.REACH_LIMIT))
                .isFalse();
    }

    @Test
    void aCondyleThatEndsAboveTheNecksCutIsFlagged() {
        Condyle c = Condyle.typical(Side.LEFT);
        ToDoubleFunction<Vec3> short0 =
                p -> Math.max(c.distance(p), -2 - p.minus(c.centre()).dot(c.up()));
        JointMeasures m =
                JointMeasurer.measure(
                        Joints.of(
                                Side.LEFT,
                                grid(0.6),
                                short0,
                                socket(c, GAP, Vec3.ZERO),
                                c.up(),
                                c.cut()));
        assertThat(m.flags())
                .anyMatch(
                        f ->
                                f.reason() == QualityFlag.Reason.FIELD_OF_VIEW_SHORT_NECK
                                        && f.sentence().contains("2.0 mm"));
    }

    @Test
    void volumesAndAreasAreThoseOfTheShapes() {
        Condyle ball = Condyle.ball(7);
        JointSurfaces joint = joint(ball, socket(ball, GAP, Vec3.ZERO), grid(0.4));
        JointMeasures m = JointMeasurer.measure(joint);
        double capHeight = 7 + 4;
        double cap = Math.PI * capHeight * capHeight * (7 - capHeight / 3);
        double throat = 0.75 * 7;
        // The ball down to the cut, and the neck's collar where it is wider than the ball.
        double widest = Math.sqrt(7 * 7 - throat * throat);
        assertThat(widest).isGreaterThan(4);
        assertThat(value(m, Measure.CONDYLE_VOLUME)).isCloseTo(cap, within(0.01 * cap));
        double area = 2 * Math.PI * 7 * capHeight;
        assertThat(value(m, Measure.CONDYLE_AREA)).isCloseTo(area, within(0.015 * area));
        // Ball through the roof, minus condyle, minus what is bone in it: all above the cut.
        double r = 7 + GAP;
        double h = r + 4;
        double expected = Math.PI * h * h * (r - h / 3) - cap;
        assertThat(value(m, Measure.NEGATIVE_BALL_VOLUME))
                .isCloseTo(expected, within(0.01 * expected));
    }

    @Test
    void theRamusAngleIsThatOfItsPosteriorBorder() {
        Condyle c = Condyle.typical(Side.LEFT);
        double slope = Math.tan(Math.toRadians(11));
        ToDoubleFunction<Vec3> mandible =
                p -> {
                    Vec3 d = p.minus(c.centre());
                    double w = d.z();
                    double border = 4 + slope * w;
                    double ramus =
                            Math.max(
                                    Math.max(d.y() - border, -14 - d.y()),
                                    Math.max(Math.abs(d.x()) - 3, w + 3));
                    return Math.min(Math.max(c.distance(p), -4 - w), ramus);
                };
        VolumeGeometry g = VolumeGeometry.axisAligned(60, 64, 76, 0.5, new Vec3(-15, -17, -25));
        JointSurfaces joint =
                Joints.of(Side.LEFT, g, mandible, socket(c, GAP, Vec3.ZERO), c.up(), c.cut());
        JointMeasures m =
                JointMeasurer.measure(
                        joint, JointContext.UNKNOWN.withMandible(Joints.field(g, mandible)));
        assertThat(value(m, Measure.SAGITTAL_RAMUS_ANGLE)).isCloseTo(11, within(0.5));
        assertThat(JointMeasurer.measure(joint).value(Measure.SAGITTAL_RAMUS_ANGLE)).isEmpty();
        JointMeasures shortView =
                JointMeasurer.measure(
                        joint(c, socket(c, GAP, Vec3.ZERO), grid(0.6)),
                        JointContext.UNKNOWN.withMandible(Joints.field(grid(0.6), mandible)));
        assertThat(shortView.value(Measure.SAGITTAL_RAMUS_ANGLE)).isEmpty();
        assertThat(shortView.flags()).anyMatch(f -> f.sentence().contains("ramus"));
    }

    @Test
    void theShapeVectorsOfMirroredJointsAreTheSame() {
        Condyle left = Condyle.typical(Side.LEFT);
        Condyle right = Condyle.typical(Side.RIGHT);
        Vec3 l = left.direction(0.5, -0.4, 0.1);
        Vec3 r = right.direction(0.5, -0.4, 0.1);
        ShapeVector a = measure(left, socket(left, GAP, l), grid(0.4)).shape();
        ShapeVector b = measure(right, socket(right, GAP, r), grid(0.4)).shape();
        assertThat(a).isNotNull();
        assertThat(b).isNotNull();
        double worst = 0;
        for (int i = 0; i < a.spaceMm().length; i++) {
            assertThat(Float.isFinite(a.spaceMm()[i])).isTrue();
            if (a.facing()[i] && b.facing()[i]) {
                worst = Math.max(worst, Math.abs(a.spaceMm()[i] - b.spaceMm()[i]));
            }
        }
        assertThat(worst).isLessThan(0.05);
        // Lateral and front are nearer to bone: columns run to the lateral side, rows to the back.
        int middle = ShapeVector.SIDE / 2;
        int end = ShapeVector.SIDE - 6;
        assertThat(a.spaceMm()[middle * ShapeVector.SIDE + end])
                .isGreaterThan(a.spaceMm()[middle * ShapeVector.SIDE + 5]);
        assertThat(a.spaceMm()[5 * ShapeVector.SIDE + middle])
                .isGreaterThan(a.spaceMm()[end * ShapeVector.SIDE + middle]);
    }

    @Test
    void theSameJointGivesTheSameNumbers() {
        Condyle c = Condyle.typical(Side.RIGHT);
        JointSurfaces joint = joint(c, socket(c, GAP, Vec3.ZERO), grid(0.6));
        JointMeasures one = JointMeasurer.measure(joint);
        JointMeasures two = JointMeasurer.measure(joint);
        assertThat(one.measurements()).isEqualTo(two.measurements());
        assertThat(one.landmarks()).isEqualTo(two.landmarks());
    }
}
