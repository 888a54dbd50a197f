package org.negvol.measure;

import java.util.Arrays;
import org.negvol.surface.TriangleMesh;

/**
 * Points that stand for equal parts of a surface, evenly strewn and always the same.
 *
 * <p>The triangles are ordered along a Morton curve, so that neighbours in the order are neighbours
 * in space, and one point is taken from each of {@code n} equal stretches of the accumulated area;
 * within a triangle by a low-discrepancy sequence (Roberts' R2).
 */
final class SurfaceSample {

    private static final double R2_A = 0.7548776662466927;
    private static final double R2_B = 0.5698402909980532;

    private SurfaceSample() {}

    /**
     * @return x, y, z of each of the n points
     */
    static double[] of(TriangleMesh mesh, int n) {
        int[] order = mortonOrder(mesh);
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        double[] cumulative = new double[order.length];
        double sum = 0;
        for (int i = 0; i < order.length; i++) {
            sum += mesh.twiceArea(order[i]).norm() / 2;
            cumulative[i] = sum;
        }
        double[] out = new double[3 * n];
        int at = 0;
        for (int i = 0; i < n; i++) {
            double wanted = (i + 0.5) * sum / n;
            while (at < order.length - 1 && cumulative[at] < wanted) {
                at++;
            }
            double s = Math.sqrt((0.5 + R2_A * i) % 1);
            double t = (0.5 + R2_B * i) % 1;
            double wa = 1 - s;
            double wb = s * (1 - t);
            double wc = s * t;
            int o = 3 * order[at];
            for (int q = 0; q < 3; q++) {
                out[3 * i + q] =
                        wa * p[3 * c[o] + q] + wb * p[3 * c[o + 1] + q] + wc * p[3 * c[o + 2] + q];
            }
        }
        return out;
    }

    private static int[] mortonOrder(TriangleMesh mesh) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        double[] low = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
        double extent = 0;
        for (int i = 0; i < p.length; i++) {
            low[i % 3] = Math.min(low[i % 3], p[i]);
        }
        for (int i = 0; i < p.length; i++) {
            extent = Math.max(extent, p[i] - low[i % 3]);
        }
        double scale = extent > 0 ? 1023 / extent : 0;
        int n = mesh.triangleCount();
        long[] keys = new long[n];
        for (int t = 0; t < n; t++) {
            long code = 0;
            for (int q = 0; q < 3; q++) {
                double m =
                        (p[3 * c[3 * t] + q] + p[3 * c[3 * t + 1] + q] + p[3 * c[3 * t + 2] + q])
                                / 3;
                code |= spread((int) ((m - low[q]) * scale)) << q;
            }
            keys[t] = code << 31 | t;
        }
        Arrays.sort(keys);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) (keys[i] & 0x7fffffff);
        }
        return order;
    }

    /** Puts two zero bits between the ten bits of a number. */
    private static long spread(int v) {
        long x = v & 0x3ff;
        x = (x | x << 16) & 0x30000ffL;
        x = (x | x << 8) & 0x300f00fL;
        x = (x | x << 4) & 0x30c30c3L;
        return (x | x << 2) & 0x9249249L;
    }
}
