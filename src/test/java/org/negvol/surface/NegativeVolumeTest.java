package org.negvol.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.surface.JointSurfaceResult.Computed;
import org.negvol.surface.JointSurfaceResult.NotMeasurable;
import org.negvol.surface.JointSurfaceResult.Reason;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** The method on joints whose negative volume is known in closed form, and on none at all. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NegativeVolumeTest {

    private static final NegativeVolumeParameters UNCUT =
            NegativeVolumeParameters.DEFAULT.withNeckCut(NeckCut.NONE);
    private static final double BALL = 4 / 3.0 * Math.PI;
    private static final Vec3 C = new Vec3(0.13, -0.07, 0.19);

    /**
     * A joint whose answer is known.
     *
     * @param volumeMm3 of its negative volume
     * @param areaMm2 of the negative volume's surface
     * @param contact share of the outer surface that is bone
     */
    record Known(
            String name,
            Shapes.Field condyle,
            Shapes.Field temporal,
            NegativeVolumeParameters parameters,
            double volumeMm3,
            double areaMm2,
            double contact) {

        /**
         * Whether the mouth meets the bone at a tangent: where the wedge between them is thinner
         * than the nodes' distance the mesh leaves it out, the voxels do not.
         */
        boolean wedge() {
            return name.equals("capsule under a dome");
        }

        @Override
        public String toString() {
            return name;
        }

        Known moved(Affine motion) {
            return new Known(
                    name,
                    condyle.movedBy(motion),
                    temporal.movedBy(motion),
                    parameters,
                    volumeMm3,
                    areaMm2,
                    contact);
        }
    }

    private static Shapes.Field shell(Vec3 c, double inner, double outer) {
        double middle = (inner + outer) / 2;
        double half = (outer - inner) / 2;
        return p -> Math.abs(p.distanceTo(c) - middle) - half;
    }

    private static Known ballInShell() {
        return new Known(
                "ball in a shell",
                Shapes.ball(C, 5),
                shell(C, 7, 9),
                UNCUT,
                BALL * (343 - 125),
                4 * Math.PI * (49 + 25),
                1);
    }

    private static Known eccentricBall() {
        return new Known(
                "eccentric ball",
                Shapes.ball(C.plus(new Vec3(0.7, -0.4, 0.8)), 5),
                shell(C, 7, 9),
                UNCUT,
                BALL * (343 - 125),
                4 * Math.PI * (49 + 25),
                1);
    }

    private static Known ellipsoids() {
        return new Known(
                "ellipsoid in an ellipsoid",
                Shapes.ellipsoid(C, 7, 4, 5),
                Shapes.ellipsoid(C, 11, 8, 9).minus(Shapes.ellipsoid(C, 9, 6, 7)),
                UNCUT,
                BALL * (9 * 6 * 7 - 7 * 4 * 5),
                area(9, 6, 7) + area(7, 4, 5),
                1);
    }

    /** Knud Thomsen's formula, within 1.1 %; here within 0.3 %. */
    private static double area(double a, double b, double c) {
        double p = 1.6075;
        double mean = (Math.pow(a * b, p) + Math.pow(a * c, p) + Math.pow(b * c, p)) / 3;
        return 4 * Math.PI * Math.pow(mean, 1 / p);
    }

    /**
     * A condyle with a neck under a dome of 2 mm bone whose rim is round: the mouth is the plane on
     * which the rim stands.
     */
    private static Known capsuleUnderDome() {
        double r = 8.5;
        double below = Math.PI * (r * r - r * Math.PI / 2 + 2 / 3.0) - Math.PI * (25 - 1 / 3.0);
        double bone = 2 * Math.PI * 56.25 + 2 * Math.PI * (r * Math.PI / 2 - 1);
        double mouth = Math.PI * (r * r - 24);
        return new Known(
                "capsule under a dome",
                Shapes.ball(C, 5).or(Shapes.rod(C, 3).and(Shapes.below(C.z()))),
                dome(r),
                NegativeVolumeParameters.DEFAULT,
                BALL / 2 * (421.875 - 125) + below,
                bone + mouth + 60 * Math.PI,
                bone / (bone + mouth));
    }

    /** The same condyle in half a shell with a sharp rim: bone, mouth and condyle meet in edges. */
    private static Known capsuleInCup() {
        double r = 7.5;
        double bone = 2 * Math.PI * (r * r + r);
        double mouth = Math.PI * (r * r - 24);
        return new Known(
                "capsule in a cup",
                Shapes.ball(C, 5).or(Shapes.rod(C, 3).and(Shapes.below(C.z()))),
                cup(r),
                NegativeVolumeParameters.DEFAULT.withReachMm(2.6),
                BALL / 2 * (r * r * r - 125) + Math.PI * (r * r - 25 + 1 / 3.0),
                bone + mouth + 60 * Math.PI,
                bone / (bone + mouth));
    }

    /** 2 mm of bone round half a ball and the 1 mm below it. */
    private static Shapes.Field cup(double r) {
        return p -> {
            Vec3 d = p.minus(C);
            double along = Math.hypot(d.x(), d.y());
            double out = d.z() > 0 ? d.norm() : along;
            return Math.max(Math.abs(out - r - 1) - 1, -1 - d.z());
        };
    }

    /** What is within 1 mm of half a sphere. */
    private static Shapes.Field dome(double r) {
        return p -> {
            Vec3 d = p.minus(C);
            double along = Math.hypot(d.x(), d.y());
            return (d.z() > 0 ? Math.abs(d.norm() - r) : Math.hypot(along - r, d.z())) - 1;
        };
    }

    /** Nothing but its reach stops the surface below a flat roof. */
    private static Known reach() {
        double reach = 3;
        double r = 5 + reach;
        double h = r - 6.5;
        double cap = Math.PI * h * h * (3 * r - h) / 3;
        double roof = Math.PI * (r * r - 6.5 * 6.5);
        double sphere = 4 * Math.PI * r * r - 2 * Math.PI * r * h;
        return new Known(
                "reach",
                Shapes.ball(C, 5),
                // All but a ball of free space, whose top is cut off flat.
                p ->
                        Math.max(
                                p.distanceTo(C) - 11.5,
                                -Math.max(p.distanceTo(C) - 9.5, p.z() - C.z() - 6.5)),
                UNCUT.withReachMm(reach),
                BALL * (r * r * r - 125) - cap,
                sphere + roof + 4 * Math.PI * 25,
                roof / (sphere + roof));
    }

    /** Grids over the same place. */
    private static List<Function<Vec3, VolumeGeometry>> grids() {
        double tilt = 0.5 * Math.tan(Math.toRadians(16.5));
        return List.of(
                c -> Shapes.grid(24, 0.4, c),
                c -> centred(c, 48, 62, 44, Affine.of(0.5, 0, 0, 0, 0, 0.4, 0, 0, 0, 0, 0.55, 0)),
                // Gantry tilt and a left-handed grid.
                c ->
                        centred(
                                c,
                                60,
                                62,
                                48,
                                Affine.of(-0.4, 0, 0, 0, 0, 0.45, tilt, 0, 0, 0, 0.5, 0)));
    }

    private static VolumeGeometry centred(Vec3 c, int nx, int ny, int nz, Affine steps) {
        Vec3 middle = steps.apply((nx - 1) / 2.0, (ny - 1) / 2.0, (nz - 1) / 2.0);
        return new VolumeGeometry(
                nx,
                ny,
                nz,
                Affine.ofColumns(steps.step(0), steps.step(1), steps.step(2), c.minus(middle)));
    }

    static List<Known> known() {
        return List.of(
                ballInShell(),
                eccentricBall(),
                ellipsoids(),
                capsuleUnderDome(),
                capsuleInCup(),
                reach());
    }

    private static JointSurfaces compute(Known k, VolumeGeometry g, Vec3 centre) {
        return computed(
                NegativeVolume.compute(
                        Side.LEFT,
                        Shapes.on(g, k.condyle()),
                        Shapes.on(g, k.temporal()),
                        centre,
                        k.parameters()));
    }

    static JointSurfaces computed(JointSurfaceResult r) {
        assertThat(r).isInstanceOf(Computed.class);
        return ((Computed) r).surfaces();
    }

    static double volume(JointSurfaces j) {
        double sum = 0;
        for (float f : j.negativeFraction().values()) {
            assertThat(f).isBetween(0f, 1f);
            sum += f;
        }
        return sum * j.negativeFraction().geometry().voxelVolumeMm3();
    }

    private static void assertKnown(Known k, JointSurfaces j, double tolerance) {
        assertThat(volume(j) / k.volumeMm3()).as("volume").isCloseTo(1, within(tolerance));
        assertThat(MeshMeasures.volumeMm3(j.negativeVolume()) / volume(j))
                .as("mesh and voxels")
                .isCloseTo(1, within(k.wedge() ? 0.01 : 0.003));
        assertThat(j.negativeAreaMm2() / k.areaMm2()).as("area").isCloseTo(1, within(0.015));
        assertThat(j.contactShare()).as("contact").isCloseTo(k.contact(), within(0.03));
        assertThat(j.contactShare() + j.reachShare() + j.mouthShare() + j.fieldOfViewShare())
                .isCloseTo(1, within(1e-9));
        assertThat(j.fieldOfViewShare()).isZero();
    }

    private static void assertSound(JointSurfaces j) {
        for (TriangleMesh mesh : List.of(j.negativeVolume(), j.inflated(), j.condyle())) {
            IsoSurfaceTest.assertSound(mesh);
        }
        double deepest = 0;
        TriangleMesh nv = j.negativeVolume();
        MeshDistance bone = MeshDistance.of(j.temporalBone());
        for (int v = 0; v < nv.vertexCount(); v += 5) {
            deepest = Math.min(deepest, bone.signedDistanceMm(nv.vertex(v)));
        }
        assertThat(deepest).as("depth in bone").isGreaterThan(-0.02);
    }

    @ParameterizedTest
    @MethodSource("known")
    void theVolumeOfAShapeIsKnownOnEveryGridAndInEveryPose(Known k) {
        long seed = 11;
        SplittableRandom random = new SplittableRandom(seed);
        boolean straight = true;
        for (Function<Vec3, VolumeGeometry> grid : grids()) {
            // A head is tilted by 15° or less; up stays up.
            Affine pose =
                    straight
                            ? Shapes.motion(0, 0, 0, Vec3.ZERO)
                            : Shapes.randomMotion(random, 15, 0.5);
            Vec3 c = pose.apply(C);
            JointSurfaces j = compute(k.moved(pose), grid.apply(c), c);
            assertKnown(k, j, 0.01);
            assertSound(j);
            straight = false;
        }
    }

    @Test
    void coarserAndFinerGridsComeToTheSameVolume() {
        Known ellipsoids = ellipsoids();
        assertKnown(ellipsoids, compute(ellipsoids, Shapes.grid(23, 0.3, C), C), 0.01);
        assertKnown(ellipsoids, compute(ellipsoids, Shapes.grid(23, 0.6, C), C), 0.02);
        Known dome = capsuleUnderDome();
        for (double spacing : new double[] {0.3, 0.6, 0.8}) {
            double v = volume(compute(dome, Shapes.grid(23, spacing, C), C));
            assertThat(v / dome.volumeMm3())
                    .as("%.1f mm", spacing)
                    .isCloseTo(1, within(spacing < 0.5 ? 0.01 : 0.02));
        }
    }

    @Test
    void everyTenthOfAMillimetreMoreGapIsMoreVolume() {
        VolumeGeometry g = Shapes.grid(17, 0.5, C);
        ScalarVolume condyle = Shapes.on(g, Shapes.ball(C, 3));
        double before = 0;
        double stepBefore = 0;
        for (int tenths = 5; tenths <= 50; tenths++) {
            double gap = tenths / 10.0;
            double r = 3 + gap;
            JointSurfaces j =
                    computed(
                            NegativeVolume.compute(
                                    Side.LEFT,
                                    condyle,
                                    Shapes.on(g, shell(C, r, r + 1.5).and(Shapes.above(C.z() - 1))),
                                    C,
                                    UNCUT));
            double v = volume(j);
            assertThat(v).as("gap %.1f", gap).isGreaterThan(before);
            if (stepBefore > 0) {
                assertThat(v - before)
                        .as("step to %.1f", gap)
                        .isBetween(0.8 * stepBefore, 1.3 * stepBefore);
            }
            stepBefore = before == 0 ? 0 : v - before;
            before = v;
        }
    }

    /** A shell of 1 mm with a round hole through its roof, as scans make them over air cells. */
    @ParameterizedTest
    @ValueSource(doubles = {0.6, 1.2, 1.8})
    void aHoleInAThinRoofIsNotFollowed(double width) {
        Shapes.Field roof = shell(C, 7, 8);
        Shapes.Field hole = Shapes.rod(C, width / 2).and(Shapes.above(C.z()));
        Shapes.Field condyle = Shapes.ball(C, 5);
        VolumeGeometry g = Shapes.grid(24, 0.4, C);
        double whole = BALL * (343 - 125);
        JointSurfaces joint =
                computed(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, condyle),
                                Shapes.on(g, roof.minus(hole)),
                                C,
                                UNCUT));
        assertThat(volume(joint)).isCloseTo(whole, within(0.01 * whole));
        assertThat(top(joint) - C.z()).isLessThan(7.6);
        assertSound(joint);
        JointSurfaces followed =
                computed(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, condyle),
                                Shapes.on(g, roof.minus(hole)),
                                C,
                                UNCUT.withWidestGapMm(0)));
        assertThat(top(followed)).isGreaterThanOrEqualTo(top(joint));
        if (width > 1) {
            // The mouth, the hull of the shell, ends it at 8 mm.
            assertThat(top(followed) - C.z()).isGreaterThan(7.8);
        }
    }

    /** Each of two holes side by side has the other one in its surroundings. */
    @Test
    void neighbouringHolesInAThinRoofAreNotFollowedEither() {
        Shapes.Field holes =
                Shapes.rod(C.plus(new Vec3(-0.75, 0, 0)), 0.5)
                        .or(Shapes.rod(C.plus(new Vec3(0.75, 0, 0)), 0.5))
                        .and(Shapes.above(C.z()));
        VolumeGeometry g = Shapes.grid(24, 0.4, C);
        double whole = BALL * (343 - 125);
        JointSurfaces joint =
                computed(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, Shapes.ball(C, 5)),
                                Shapes.on(g, shell(C, 7, 8).minus(holes)),
                                C,
                                UNCUT));
        assertThat(volume(joint)).isCloseTo(whole, within(0.01 * whole));
        assertThat(top(joint) - C.z()).isLessThan(7.6);
    }

    private static double top(JointSurfaces joint) {
        double[] p = joint.negativeVolume().xyzMm();
        double top = Double.NEGATIVE_INFINITY;
        for (int i = 2; i < p.length; i += 3) {
            top = Math.max(top, p[i]);
        }
        return top;
    }

    @Test
    void theSameFieldsGiveTheSameBytes() {
        Known k = capsuleUnderDome();
        VolumeGeometry g = Shapes.grid(23, 0.6, C);
        JointSurfaces a = compute(k, g, C);
        JointSurfaces b = compute(k, g, C);
        assertThat(a.negativeVolume().xyzMm()).isEqualTo(b.negativeVolume().xyzMm());
        assertThat(a.negativeVolume().triangles()).isEqualTo(b.negativeVolume().triangles());
        assertThat(a.negativeFraction().values()).isEqualTo(b.negativeFraction().values());
        assertThat(a.condyleAxis()).isEqualTo(b.condyleAxis());
    }

    @Test
    void aMirroredJointHasTheMirroredVolume() {
        // Nothing symmetric: an ellipsoid with a slanted neck, a dome with a slanted rim.
        Shapes.Field neck =
                p -> Math.hypot(p.x() - C.x() + 0.2 * (p.z() - C.z()), p.y() - C.y()) - 2.6;
        Shapes.Field condyle = Shapes.ellipsoid(C, 7, 4, 5).or(neck.and(Shapes.below(C.z())));
        Shapes.Field temporal =
                Shapes.ellipsoid(C, 11, 8, 9)
                        .minus(Shapes.ellipsoid(C, 9.4, 6.1, 7))
                        .and(p -> C.z() - 1 - p.z() + 0.15 * p.x() - 0.1 * p.y());
        Affine mirror = Affine.of(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
        VolumeGeometry g = Shapes.grid(26, 0.5, C);
        Vec3 c = mirror.apply(C);
        JointSurfaces left =
                computed(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, condyle),
                                Shapes.on(g, temporal),
                                C,
                                NegativeVolumeParameters.DEFAULT));
        VolumeGeometry other = Shapes.grid(26, 0.5, c.plus(new Vec3(0.17, 0.05, -0.11)));
        JointSurfaces right =
                computed(
                        NegativeVolume.compute(
                                Side.RIGHT,
                                Shapes.on(other, condyle.movedBy(mirror)),
                                Shapes.on(other, temporal.movedBy(mirror)),
                                c,
                                NegativeVolumeParameters.DEFAULT));
        assertThat(volume(right) / volume(left)).isCloseTo(1, within(0.007));
        assertThat(MeshMeasures.areaMm2(right.negativeVolume()))
                .isCloseTo(
                        MeshMeasures.areaMm2(left.negativeVolume()),
                        within(0.005 * MeshMeasures.areaMm2(left.negativeVolume())));
        assertThat(mirror.apply(right.condyleAxis()).dot(left.condyleAxis()))
                .isGreaterThan(Math.cos(Math.toRadians(1)));
    }

    @ParameterizedTest
    @CsvSource({"10, 5", "12, 7"})
    void theNeckIsCutAtItsDepthBelowTheTopAcrossTheNeck(double depth, double belowCentre) {
        Known k = capsuleUnderDome();
        VolumeGeometry g = Shapes.grid(26, 0.4, C);
        JointSurfaces j =
                computed(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, k.condyle()),
                                Shapes.on(g, k.temporal()),
                                C,
                                NegativeVolumeParameters.DEFAULT.withNeckCutBelowTopMm(depth)));
        assertThat(j.condyleAxis().z()).isGreaterThan(Math.cos(Math.toRadians(2)));
        assertThat(j.neckCutPoint().distanceTo(C.minus(new Vec3(0, 0, belowCentre))))
                .isLessThan(0.15);
        double lowest = Double.POSITIVE_INFINITY;
        for (int v = 0; v < j.condyle().vertexCount(); v++) {
            lowest =
                    Math.min(
                            lowest,
                            j.condyle().vertex(v).minus(j.neckCutPoint()).dot(j.condyleAxis()));
        }
        assertThat(lowest).isCloseTo(0, within(0.02));
    }

    @Test
    void theNotchIsWhereTheCoronoidProcessParts() {
        // A rod 20 mm in front of the condyle, joined to it 14 mm below the condyle's top.
        Vec3 front = new Vec3(C.x(), C.y() - 20, C.z());
        Shapes.Field coronoid = Shapes.rod(front, 2.5).and(Shapes.below(C.z() - 3));
        Shapes.Field bridge =
                p ->
                        Math.max(
                                Math.hypot(p.x() - C.x(), p.z() - C.z() + 12) - 3,
                                Math.abs(p.y() - C.y() + 10) - 10);
        Shapes.Field condyle =
                Shapes.ball(C, 5)
                        .or(Shapes.rod(C, 3).and(Shapes.below(C.z())))
                        .or(coronoid)
                        .or(bridge);
        VolumeGeometry g =
                VolumeGeometry.axisAligned(40, 64, 48, 0.6, C.minus(new Vec3(12, 25, 18)));
        JointSurfaces j =
                computed(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, condyle),
                                Shapes.on(g, capsuleUnderDome().temporal()),
                                C,
                                NegativeVolumeParameters.DEFAULT.withNeckCut(
                                        NeckCut.SIGMOID_NOTCH)));
        double depth = C.plus(new Vec3(0, 0, 5)).minus(j.neckCutPoint()).dot(j.condyleAxis());
        // Along an axis that leans away from the bar between both.
        assertThat(depth).isBetween(13.6, 16.5);
        // The coronoid, 17.5 mm in front and further, is no part of the condyle that is cut off
        // there.
        for (int v = 0; v < j.condyle().vertexCount(); v++) {
            assertThat(j.condyle().vertex(v).y()).isGreaterThan(C.y() - 16);
        }
    }

    // ---- what cannot be measured -------------------------------------------------------------

    private static final Shapes.Field NOTHING = p -> 10;

    private static NotMeasurable refused(
            VolumeGeometry g,
            Shapes.Field condyle,
            Shapes.Field temporal,
            NegativeVolumeParameters p) {
        JointSurfaceResult r =
                NegativeVolume.compute(
                        Side.RIGHT, Shapes.on(g, condyle), Shapes.on(g, temporal), C, p);
        assertThat(r).isInstanceOf(NotMeasurable.class);
        NotMeasurable n = (NotMeasurable) r;
        assertThat(n.sentence()).matches("[A-Z0-9].*\\.").doesNotContain("NaN");
        return n;
    }

    @Test
    void everyObstacleHasItsReasonAndItsSentence() {
        VolumeGeometry g = Shapes.grid(26, 0.6, C);
        Known k = capsuleUnderDome();
        NegativeVolumeParameters p = NegativeVolumeParameters.DEFAULT;
        Vec3 far = C.plus(new Vec3(0, 0, -13));
        assertThat(refused(g, NOTHING, k.temporal(), p).reason()).isEqualTo(Reason.NO_CONDYLE);
        assertThat(refused(g, Shapes.ball(C, 1.2), k.temporal(), p).reason())
                .as("a crumb")
                .isEqualTo(Reason.NO_CONDYLE);
        assertThat(refused(g, Shapes.ball(far, 3), k.temporal(), p).reason())
                .as("bone elsewhere")
                .isEqualTo(Reason.CUT_BY_FIELD_OF_VIEW);
        assertThat(refused(g, k.condyle(), NOTHING, p).reason()).isEqualTo(Reason.NO_TEMPORAL_BONE);
        assertThat(
                        refused(g, k.condyle().and(Shapes.above(C.z() - 3.5)), k.temporal(), p)
                                .sentence())
                .as("a scan that ends above the cut")
                .matches(".* 8.[456] mm below the condyle's top.* 10.0 mm.");
        assertThat(
                        refused(g, k.condyle(), k.temporal(), p.withNeckCut(NeckCut.SIGMOID_NOTCH))
                                .reason())
                .isEqualTo(Reason.CUT_NOT_FOUND);
        assertThat(refused(g, k.condyle(), shell(C, 11, 12.5), p).sentence())
                .as("too far from all bone")
                .contains("within 5.0 mm");
        assertThat(refused(g, k.condyle(), Shapes.above(C.z() + 8), p).reason())
                .as("a flat roof is no fossa")
                .isEqualTo(Reason.CONDYLE_OUTSIDE_FOSSA);
        assertThat(refused(g, k.condyle(), Shapes.ball(C, 9), p).reason())
                .isEqualTo(Reason.BONES_OVERLAP);
        assertThat(
                        refused(g, k.condyle(), q -> q.x() > 3 ? Double.NaN : k.temporal().at(q), p)
                                .reason())
                .isEqualTo(Reason.NOT_A_FIELD);
    }

    @Test
    void aCondyleCutByTheVolumeOfInterestIsRefused() {
        Known k = capsuleUnderDome();
        // The grid ends 4 mm below the centre, 9 mm below the top.
        Vec3 origin = C.minus(new Vec3(13, 13, 4));
        VolumeGeometry g = VolumeGeometry.axisAligned(44, 44, 28, 0.6, origin);
        NotMeasurable n = refused(g, k.condyle(), k.temporal(), NegativeVolumeParameters.DEFAULT);
        assertThat(n.reason()).isEqualTo(Reason.CUT_BY_FIELD_OF_VIEW);
        // And one that ends beside the condyle.
        VolumeGeometry beside =
                VolumeGeometry.axisAligned(30, 44, 44, 0.6, C.minus(new Vec3(14, 13, 13)));
        assertThat(
                        refused(beside, k.condyle(), k.temporal(), NegativeVolumeParameters.DEFAULT)
                                .reason())
                .isEqualTo(Reason.CUT_BY_FIELD_OF_VIEW);
    }

    @Test
    void moreVoxelsThanAVoiEverHasAreRefusedAtOnce() {
        VolumeGeometry g = VolumeGeometry.axisAligned(512, 512, 257, 0.1, Vec3.ZERO);
        ScalarVolume huge = new ScalarVolume(g, new float[Math.toIntExact(g.voxelCount())]);
        assertThat(NegativeVolume.compute(Side.LEFT, huge, huge, C, UNCUT))
                .isInstanceOfSatisfying(
                        NotMeasurable.class,
                        n -> assertThat(n.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void differentGridsAndAnEndlessCentreAreMistakesOfTheCaller() {
        ScalarVolume a = Shapes.on(Shapes.grid(4, 1, C), NOTHING);
        ScalarVolume b = Shapes.on(Shapes.grid(4, 1, C.plus(new Vec3(1, 0, 0))), NOTHING);
        assertThatThrownBy(() -> NegativeVolume.compute(Side.LEFT, a, b, C, UNCUT))
                .hasMessageContaining("same grid");
        assertThatThrownBy(
                        () ->
                                NegativeVolume.compute(
                                        Side.LEFT, a, a, new Vec3(0, Double.NaN, 0), UNCUT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingThatAFieldCanHoldMakesItThrowOrHang() {
        VolumeGeometry g = Shapes.grid(14, 0.45, C);
        Known k = capsuleUnderDome();
        List<Shapes.Field> odd =
                List.of(
                        NOTHING,
                        p -> -10,
                        p -> 0,
                        p -> Double.NEGATIVE_INFINITY,
                        p -> p.distanceTo(C) < 0.5 ? -1 : Double.POSITIVE_INFINITY,
                        p -> p.x() - C.x(),
                        p -> Math.signum(p.distanceTo(C) - 4),
                        p -> Math.sin(3 * p.x()) * Math.sin(3 * p.y()) * Math.sin(3 * p.z()),
                        k.condyle(),
                        k.temporal());
        int uncut = 0;
        for (Shapes.Field condyle : odd) {
            for (Shapes.Field temporal : odd) {
                JointSurfaceResult r =
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(g, condyle),
                                Shapes.on(g, temporal),
                                C,
                                uncut++ % 3 == 0 ? UNCUT : NegativeVolumeParameters.DEFAULT);
                if (r instanceof Computed c) {
                    assertThat(volume(c.surfaces())).isFinite();
                }
            }
        }
        VolumeGeometry one = VolumeGeometry.axisAligned(1, 1, 1, 0.4, C);
        assertThat(
                        NegativeVolume.compute(
                                Side.LEFT,
                                Shapes.on(one, p -> -1),
                                Shapes.on(one, p -> -1),
                                C,
                                NegativeVolumeParameters.DEFAULT))
                .isInstanceOf(NotMeasurable.class);
    }

    @Test
    void noiseGivesAnAnswerAndSoundMeshes() {
        Known k = capsuleUnderDome();
        VolumeGeometry g = Shapes.grid(23, 0.5, C);
        for (long seed = 1; seed <= 3; seed++) {
            SplittableRandom r = new SplittableRandom(seed);
            JointSurfaces j =
                    computed(
                            NegativeVolume.compute(
                                    Side.LEFT,
                                    Shapes.on(g, p -> k.condyle().at(p) + 0.1 * r.nextGaussian()),
                                    Shapes.on(g, p -> k.temporal().at(p) + 0.1 * r.nextGaussian()),
                                    C,
                                    k.parameters()));
            for (TriangleMesh mesh : List.of(j.negativeVolume(), j.inflated())) {
                MeshMeasures m = MeshMeasures.of(mesh);
                assertThat(m.closed() && m.manifold() && m.oriented()).as("seed " + seed).isTrue();
                assertThat(SelfIntersections.count(mesh)).as("seed " + seed).isZero();
            }
            // The hull of a rough rim stands on its peaks, three deviations out.
            assertThat(volume(j) / k.volumeMm3()).as("seed " + seed).isCloseTo(1, within(0.08));
        }
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> NegativeVolumeParameters.DEFAULT.withReachMm(0))
                .hasMessageContaining("reachMm");
        assertThatThrownBy(() -> NegativeVolumeParameters.DEFAULT.withEdgeMm(Double.NaN))
                .hasMessageContaining("edgeMm");
        assertThat(
                        Arrays.stream(NegativeVolumeParameters.class.getRecordComponents())
                                .filter(c -> c.getType() == double.class)
                                .map(c -> c.getName()))
                .containsExactlyElementsOf(
                        NegativeVolumeParameters.DEFAULT.numbers().stream()
                                .map(NegativeVolumeParameters.Parameter::name)
                                .toList());
    }
}
