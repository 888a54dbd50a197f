package org.negvol.measure;

import org.negvol.surface.MortonOrder;
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

    /** 1024 steps across the surface. */
    private static final int ORDER_BITS = 10;

    private SurfaceSample() {}

    /**
     * @return x, y, z of each of the n points
     */
    static double[] of(TriangleMesh mesh, int n) {
        int[] order = MortonOrder.of(mesh.centroids(), mesh.xyzMm(), ORDER_BITS);
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
}
