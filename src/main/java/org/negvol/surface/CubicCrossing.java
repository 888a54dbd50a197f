package org.negvol.surface;

/** Where a field passes zero between two samples of a grid line. */
final class CubicCrossing {

    private CubicCrossing() {}

    /**
     * Where the Catmull-Rom cubic between b (at 0) and c (at 1) is zero; b and c have different
     * signs, one may be zero. Linear if a neighbour is out of proportion: then there is a kink or
     * no value, and the cubic would swing.
     */
    static double of(double a, double b, double c, double d) {
        double linear = b == c ? 0.5 : b / (b - c);
        double step = Math.abs(c - b);
        if (!(Math.abs(a - b) < 3 * step && Math.abs(d - c) < 3 * step)) {
            return linear;
        }
        double c1 = 0.5 * (c - a);
        double c2 = a - 2.5 * b + 2 * c - 0.5 * d;
        double c3 = 0.5 * (d - a) + 1.5 * (b - c);
        double lo = 0;
        double hi = 1;
        double t = linear;
        for (int n = 0; n < 8; n++) {
            double v = b + t * (c1 + t * (c2 + t * c3));
            if (v < 0 == b < 0) {
                lo = t;
            } else {
                hi = t;
            }
            double slope = c1 + t * (2 * c2 + 3 * t * c3);
            double next = t - v / slope;
            if (!(next >= lo && next <= hi)) {
                next = (lo + hi) / 2;
            }
            if (Math.abs(next - t) < 1e-6) {
                return next;
            }
            t = next;
        }
        return t;
    }
}
