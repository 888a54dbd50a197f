package org.negvol.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.negvol.volume.Vec3;

class ConvexHullTest {

    /** Holds all points, and nothing beyond the furthest point of any direction. */
    private static void assertHull(double[] points, long seed) {
        TriangleMesh h = ConvexHull.of(points);
        assertThat(h).as("seed " + seed).isNotNull();
        MeshMeasures m = MeshMeasures.of(h);
        assertThat(m.closed() && m.oriented()).as("seed " + seed).isTrue();
        for (int v = 0; v < points.length; v += 3) {
            assertThat(outside(h, points[v], points[v + 1], points[v + 2])).isLessThan(1e-5);
        }
        SplittableRandom r = new SplittableRandom(seed);
        for (int n = 0; n < 200; n++) {
            double x = r.nextGaussian();
            double y = r.nextGaussian();
            double z = r.nextGaussian();
            double l = Math.sqrt(x * x + y * y + z * z);
            int best = 0;
            for (int v = 0; v < points.length; v += 3) {
                if (dot(points, v, x, y, z) > dot(points, best, x, y, z)) {
                    best = v;
                }
            }
            double e = 1e-3 / l;
            assertThat(
                            outside(
                                    h,
                                    points[best] + e * x,
                                    points[best + 1] + e * y,
                                    points[best + 2] + e * z))
                    .as("seed %d, direction %d", seed, n)
                    .isPositive();
        }
    }

    private static double dot(double[] p, int v, double x, double y, double z) {
        return p[v] * x + p[v + 1] * y + p[v + 2] * z;
    }

    /** How far a point lies beyond the faces; faces without an area have no beyond. */
    private static double outside(TriangleMesh h, double x, double y, double z) {
        double most = Double.NEGATIVE_INFINITY;
        int[] c = h.triangles();
        Vec3 p = new Vec3(x, y, z);
        for (int t = 0; t < c.length; t += 3) {
            Vec3 a = h.vertex(c[t]);
            Vec3 n = h.vertex(c[t + 1]).minus(a).cross(h.vertex(c[t + 2]).minus(a));
            if (n.norm() > 1e-9) {
                most = Math.max(most, p.minus(a).dot(n) / n.norm());
            }
        }
        return most;
    }

    @Test
    void holdsEveryPointAndNoMore() {
        for (long seed = 1; seed <= 10; seed++) {
            SplittableRandom r = new SplittableRandom(seed);
            double[] cloud = new double[3 * r.nextInt(4, 400)];
            for (int i = 0; i < cloud.length; i++) {
                cloud[i] = r.nextGaussian();
            }
            assertHull(cloud, seed);
        }
    }

    @Test
    void manyPointsOfOnePlaneOrOneLineAreNoTrouble() {
        // A cube full of lattice points: faces, edges and corners hold many each.
        double[] cube = new double[3 * 729];
        for (int i = 0; i < 729; i++) {
            cube[3 * i] = i % 9;
            cube[3 * i + 1] = i / 9 % 9;
            cube[3 * i + 2] = i / 81;
        }
        assertHull(cube, 5);
        TriangleMesh h = ConvexHull.of(cube);
        assertThat(h).isNotNull();
        assertThat(outside(h, 4, 4, 4)).isCloseTo(-4, within(1e-9));
        assertThat(MeshMeasures.volumeMm3(h)).isCloseTo(512, within(1e-9));
    }

    @Test
    void pointsOfOnePlaneEncloseNothing() {
        double[] flat = new double[300];
        SplittableRandom r = new SplittableRandom(3);
        for (int i = 0; i < 100; i++) {
            flat[3 * i] = r.nextDouble();
            flat[3 * i + 1] = r.nextDouble();
            flat[3 * i + 2] = 2 + flat[3 * i] - flat[3 * i + 1];
        }
        assertThat(ConvexHull.of(flat)).isNull();
        assertThat(ConvexHull.of(new double[] {1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3})).isNull();
        assertThat(ConvexHull.of(new double[0])).isNull();
    }
}
