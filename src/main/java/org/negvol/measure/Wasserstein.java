package org.negvol.measure;

import java.util.Arrays;

/**
 * 2-Wasserstein distance between two sets of points of equal weight: how far the mass of one must
 * travel to become the other, in mm, root mean square.
 *
 * <p>As Sinkhorn divergence (Genevay, Peyré, Cuturi, AISTATS 2018; Feydy et al., AISTATS 2019):
 * {@code W² = OT(a, b) − ½ OT(a, a′) − ½ OT(b, b′)} with the squared distance as cost and the
 * entropic regularisation ε = {@value #EPSILON_MM2} mm². Where Feydy has the same sample twice, a
 * and a′ are two samples of one surface: the self terms then take away not only what the
 * regularisation adds but also what the strewing of the points does, and two samples of one surface
 * are near 0 apart. Deterministic.
 */
final class Wasserstein {

    /** Points closer than its root (1 mm) count as one place in the plan, not in the value. */
    private static final double EPSILON_MM2 = 1;

    /** What 400 points of two samples of one surface came out apart at most, with room, mm. */
    static final double RESOLVED_MM = 0.35;

    private static final int ITERATIONS = 300;

    /** Largest relative error of a row of the plan at which it is good. */
    private static final double TOLERANCE = 1e-3;

    private Wasserstein() {}

    /**
     * @param a x, y, z of the points of two samples of the first surface, by turns, mm
     * @param b the same of the second surface; both surfaces within 25 mm of each other
     * @return NaN below {@link #RESOLVED_MM}: the strewing of the points may say 0 as well
     */
    static double distanceMm(double[] a, double[] b) {
        double[] a0 = half(a, 0);
        double[] b0 = half(b, 0);
        double s =
                transport(a0, b0) - transport(a0, half(a, 1)) / 2 - transport(b0, half(b, 1)) / 2;
        return s < RESOLVED_MM * RESOLVED_MM ? Double.NaN : Math.sqrt(s);
    }

    /** Every other point. */
    private static double[] half(double[] points, int first) {
        double[] out = new double[3 * ((points.length / 3 + 1 - first) / 2)];
        for (int i = 0; i < out.length; i++) {
            out[i] = points[3 * (2 * (i / 3) + first) + i % 3];
        }
        return out;
    }

    /** Dual value of the entropic transport problem, mm². */
    private static double transport(double[] a, double[] b) {
        int n = a.length / 3;
        int m = b.length / 3;
        double[] kernel = new double[n * m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double x = a[3 * i] - b[3 * j];
                double y = a[3 * i + 1] - b[3 * j + 1];
                double z = a[3 * i + 2] - b[3 * j + 2];
                // Never quite 0, or a far point would have no way at all.
                kernel[i * m + j] =
                        Math.max(1e-290, Math.exp(-(x * x + y * y + z * z) / EPSILON_MM2));
            }
        }
        double[] u = new double[n];
        double[] v = new double[m];
        Arrays.fill(v, 1);
        Arrays.fill(u, 1);
        double[] column = new double[m];
        for (int it = 0; it < ITERATIONS; it++) {
            double worst = 0;
            for (int i = 0; i < n; i++) {
                double s = 0;
                int o = i * m;
                for (int j = 0; j < m; j++) {
                    s += kernel[o + j] * v[j];
                }
                worst = Math.max(worst, Math.abs(u[i] * s / m - 1));
                u[i] = m / s;
            }
            Arrays.fill(column, 0);
            for (int i = 0; i < n; i++) {
                double w = u[i];
                int o = i * m;
                for (int j = 0; j < m; j++) {
                    column[j] += kernel[o + j] * w;
                }
            }
            for (int j = 0; j < m; j++) {
                v[j] = n / column[j];
            }
            if (worst < TOLERANCE) {
                break;
            }
        }
        double f = 0;
        for (double d : u) {
            f += Math.log(d);
        }
        double g = 0;
        for (double d : v) {
            g += Math.log(d);
        }
        return EPSILON_MM2 * (f / n + g / m);
    }
}
