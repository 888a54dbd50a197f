package org.negvol.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.negvol.volume.Vec3;

class MeshDistanceTest {

    private static final Vec3 CENTRE = new Vec3(3, -4, 5);

    private static TriangleMesh bumpy() {
        Shapes.Field f =
                p ->
                        p.distanceTo(CENTRE)
                                - 4
                                - 0.4 * Math.sin(1.5 * p.x()) * Math.sin(1.5 * p.y() + p.z());
        return IsoSurface.extract(Shapes.on(Shapes.grid(14, 0.4, CENTRE), f), 0);
    }

    @Test
    void distanceEqualsThatOfEveryTriangleTried() {
        TriangleMesh mesh = bumpy();
        MeshDistance d = MeshDistance.of(mesh);
        SplittableRandom r = new SplittableRandom(7);
        double[] weights = new double[3];
        for (int n = 0; n < 300; n++) {
            double x = CENTRE.x() + r.nextDouble(-9, 9);
            double y = CENTRE.y() + r.nextDouble(-9, 9);
            double z = CENTRE.z() + r.nextDouble(-9, 9);
            double best = Double.POSITIVE_INFINITY;
            for (int t = 0; t < mesh.triangleCount(); t++) {
                best = Math.min(best, NearestOnTriangle.of(mesh, t, x, y, z, weights));
            }
            Vec3 p = new Vec3(x, y, z);
            assertThat(d.distanceMm(p)).isCloseTo(Math.sqrt(best), within(1e-9));
            assertThat(d.nearest(p).distanceTo(p)).isCloseTo(Math.sqrt(best), within(1e-9));
        }
    }

    /** Its tree is made where somebody asks, and several may ask at once. */
    @Test
    void threadsThatShareADistanceGetTheSameAnswers() {
        TriangleMesh mesh = bumpy();
        MeshDistance.Query alone = MeshDistance.of(mesh).query();
        double[] expected = new double[2000];
        for (int n = 0; n < expected.length; n++) {
            expected[n] = signedDistance(alone, n);
        }
        for (int round = 0; round < 20; round++) {
            MeshDistance shared = MeshDistance.of(mesh);
            IntStream.range(0, 8)
                    .parallel()
                    .forEach(
                            thread -> {
                                MeshDistance.Query q = shared.query();
                                for (int n = 0; n < expected.length; n++) {
                                    assertThat(signedDistance(q, n)).isEqualTo(expected[n]);
                                }
                            });
        }
    }

    private static double signedDistance(MeshDistance.Query query, int seed) {
        SplittableRandom r = new SplittableRandom(seed);
        return query.signedDistanceMm(
                CENTRE.x() + r.nextDouble(-7, 7),
                CENTRE.y() + r.nextDouble(-7, 7),
                CENTRE.z() + r.nextDouble(-7, 7));
    }

    @Test
    void signTellsInsideFromOutside() {
        TriangleMesh mesh = bumpy();
        MeshDistance.Query q = MeshDistance.of(mesh).query();
        SplittableRandom r = new SplittableRandom(8);
        for (int n = 0; n < 2000; n++) {
            Vec3 p =
                    CENTRE.plus(
                            new Vec3(
                                    r.nextDouble(-6, 6), r.nextDouble(-6, 6), r.nextDouble(-6, 6)));
            boolean inside = crossings(q, p) % 2 == 1;
            assertThat(q.signedDistanceMm(p.x(), p.y(), p.z()) < 0).as("%s", p).isEqualTo(inside);
        }
        // Straight off the corners and middles of the triangles, where normals are ambiguous.
        for (int v = 0; v < mesh.vertexCount(); v++) {
            Vec3 p = mesh.vertex(v);
            Vec3 in = p.plus(CENTRE.minus(p).times(1e-3));
            Vec3 out = p.plus(CENTRE.minus(p).times(-1e-3));
            assertThat(q.signedDistanceMm(in.x(), in.y(), in.z())).isNegative();
            assertThat(q.signedDistanceMm(out.x(), out.y(), out.z())).isPositive();
        }
    }

    private static int crossings(MeshDistance.Query q, Vec3 p) {
        int n = 0;
        double x = p.x();
        double t = q.ray(x, p.y(), p.z(), 1, 0.001, 0.002, 100);
        double at = 0;
        while (t < 100) {
            n++;
            at += t + 1e-7;
            t = q.ray(x + at, p.y() + 0.001 * at, p.z() + 0.002 * at, 1, 0.001, 0.002, 100);
        }
        return n;
    }

    @Test
    void boundAndHintDoNotChangeTheAnswer() {
        MeshDistance.Query q = MeshDistance.of(bumpy()).query();
        assertThat(q.nearest(CENTRE.x(), CENTRE.y(), CENTRE.z(), 1.0)).isFalse();
        assertThat(q.distanceMm()).isNaN();
        assertThat(q.nearest(CENTRE.x(), CENTRE.y(), CENTRE.z(), 9)).isTrue();
        double d = q.distanceMm();
        assertThat(q.nearest(CENTRE.x(), CENTRE.y(), CENTRE.z(), 9, 17)).isTrue();
        assertThat(q.distanceMm()).isEqualTo(d);
    }

    @Test
    void aMeshWithoutTrianglesIsRefused() {
        assertThatThrownBy(() -> MeshDistance.of(new TriangleMesh(new double[0], new int[0])))
                .hasMessageContaining("without triangles");
        assertThatThrownBy(
                        () ->
                                MeshDistance.of(
                                        new TriangleMesh(
                                                new double[] {0, 0, 0, 1, 0, 0, 0, Double.NaN, 0},
                                                new int[] {0, 1, 2})))
                .hasMessageContaining("not finite");
    }
}
