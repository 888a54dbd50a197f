package org.negvol.surface;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.negvol.volume.Vec3;

/** Areas of the neck's cross-sections in any direction, from the triangles near a condyle. */
final class NeckSections {

    /**
     * Sections whose areas are averaged, and their distance. One alone would not do: of a wide head
     * a slanted plane may cut off a pole, and that cut is small. Further down it is not.
     */
    private static final int SECTIONS = 4;

    private static final double SECTION_DISTANCE_MM = 2;

    /** Triangles of a pack: so many are passed over at once where no section comes near them. */
    private static final int PACK = 16;

    /** A hair, or rounding could leave a vertex outside its pack's ball. */
    private static final double SLACK_MM = 1e-6;

    /** Directions of a ring of the fit. */
    private static final int RING = 8;

    private int sections = SECTIONS;
    private final double[] p;
    private final int[] c;
    private final double[] height;
    private final boolean[] nearCentre;
    private final boolean[] outside;

    /** Middle and radius of each pack's ball, and whether it holds a vertex at the VOI's border. */
    private final double[] balls;

    private final boolean[] packOutside;

    /**
     * @param xyz vertices of the mandible, LPS mm
     * @param triangles those near the condyle
     * @param centre the joint's centre
     * @param topWithinMm the condyle's top is this near to it
     * @param outsideGrid whether a vertex of the mandible lies at the border of the VOI
     */
    NeckSections(
            double[] xyz,
            int[] triangles,
            double[] centre,
            double topWithinMm,
            IntPredicate outsideGrid) {
        int[] number = new int[xyz.length / 3];
        Arrays.fill(number, -1);
        c = new int[triangles.length];
        double[] kept = new double[3 * Math.min(triangles.length, number.length)];
        boolean[] border = new boolean[kept.length / 3];
        int n = 0;
        for (int s = 0; s < triangles.length; s++) {
            int v = triangles[s];
            if (number[v] < 0) {
                System.arraycopy(xyz, 3 * v, kept, 3 * n, 3);
                border[n] = outsideGrid.test(v);
                number[v] = n++;
            }
            c[s] = number[v];
        }
        p = Arrays.copyOf(kept, 3 * n);
        outside = Arrays.copyOf(border, n);
        height = new double[n];
        nearCentre = new boolean[n];
        for (int v = 0; v < n; v++) {
            double x = p[3 * v] - centre[0];
            double y = p[3 * v + 1] - centre[1];
            double z = p[3 * v + 2] - centre[2];
            nearCentre[v] = x * x + y * y + z * z < topWithinMm * topWithinMm;
        }
        int packs = Math.ceilDiv(c.length, 3 * PACK);
        balls = new double[4 * packs];
        packOutside = new boolean[packs];
        for (int pack = 0; pack < packs; pack++) {
            enclose(pack);
        }
    }

    private int end(int pack) {
        return Math.min(c.length, 3 * PACK * (pack + 1));
    }

    /** The ball round the middle of a pack's box. */
    private void enclose(int pack) {
        int b = 4 * pack;
        for (int q = 0; q < 3; q++) {
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int s = 3 * PACK * pack; s < end(pack); s++) {
                low = Math.min(low, p[3 * c[s] + q]);
                high = Math.max(high, p[3 * c[s] + q]);
            }
            balls[b + q] = (low + high) / 2;
        }
        double squared = 0;
        for (int s = 3 * PACK * pack; s < end(pack); s++) {
            double x = p[3 * c[s]] - balls[b];
            double y = p[3 * c[s] + 1] - balls[b + 1];
            double z = p[3 * c[s] + 2] - balls[b + 2];
            squared = Math.max(squared, x * x + y * y + z * z);
            packOutside[pack] |= outside[c[s]];
        }
        balls[b + 3] = Math.sqrt(squared) + SLACK_MM;
    }

    /**
     * Mean area of the sections from {@code depth} below the top along a downwards.
     *
     * @return infinite if there is no section, one leaves the field of view, or one is not closed
     *     among the triangles given
     */
    double areaMm2(Vec3 a, double depth) {
        int top = heights(a);
        // Without a vertex near the centre there is no top, and every section is empty.
        if (top < 0) {
            return Double.POSITIVE_INFINITY;
        }
        Section[] cuts = new Section[sections];
        for (int n = 0; n < sections; n++) {
            cuts[n] = new Section(a, top, depth + n * SECTION_DISTANCE_MM);
        }
        for (int pack = 0; pack < packOutside.length; pack++) {
            double middle =
                    balls[4 * pack] * a.x()
                            + balls[4 * pack + 1] * a.y()
                            + balls[4 * pack + 2] * a.z();
            double radius = balls[4 * pack + 3];
            boolean isCut = false;
            for (Section cut : cuts) {
                isCut |= Math.abs(middle - cut.plane) <= radius;
            }
            boolean mayLeave = packOutside[pack] && middle + radius > cuts[sections - 1].plane;
            if ((isCut || mayLeave) && !cut(cuts, 3 * PACK * pack, end(pack))) {
                return Double.POSITIVE_INFINITY;
            }
        }
        double sum = 0;
        for (Section cut : cuts) {
            sum += cut.areaMm2();
        }
        return sum / sections;
    }

    /** Adds triangles to the sections; false if one above the lowest leaves the field of view. */
    private boolean cut(Section[] cuts, int from, int to) {
        double lowest = cuts[sections - 1].plane;
        for (int t = from; t < to; t += 3) {
            double h0 = height[c[t]];
            double h1 = height[c[t + 1]];
            double h2 = height[c[t + 2]];
            double low = Math.min(h0, Math.min(h1, h2));
            double high = Math.max(h0, Math.max(h1, h2));
            if (low > lowest && outside[c[t]]) {
                return false;
            }
            for (Section cut : cuts) {
                if (low <= cut.plane && high > cut.plane) {
                    cut.add(t, h0 - cut.plane, h1 - cut.plane, h2 - cut.plane);
                }
            }
        }
        return true;
    }

    /**
     * Leaves the lowest section out, where the field of view ends above it; false if none is left.
     */
    boolean leaveOutLowest() {
        return --sections > 0;
    }

    /** Sets the vertices' heights along a direction; returns the top's vertex, -1 if none is. */
    private int heights(Vec3 a) {
        double top = Double.NEGATIVE_INFINITY;
        int at = 0;
        for (int v = 0; v < height.length; v++) {
            double h = p[3 * v] * a.x() + p[3 * v + 1] * a.y() + p[3 * v + 2] * a.z();
            height[v] = h;
            if (h > top && nearCentre[v]) {
                top = h;
                at = v;
            }
        }
        return top == Double.NEGATIVE_INFINITY ? -1 : at;
    }

    /** The cut of one plane. */
    private final class Section {

        private final double plane;
        private final double ax;
        private final double ay;
        private final double az;

        /** Cross products about a point near the section keep their digits. */
        private final double ox;

        private final double oy;
        private final double oz;
        private double area;
        private double gapX;
        private double gapY;
        private double gapZ;

        /**
         * @param a normal of the plane, upwards
         * @param top the vertex below which it lies
         * @param depth how far
         */
        Section(Vec3 a, int top, double depth) {
            plane = height[top] - depth;
            ax = a.x();
            ay = a.y();
            az = a.z();
            ox = p[3 * top] - depth * ax;
            oy = p[3 * top + 1] - depth * ay;
            oz = p[3 * top + 2] - depth * az;
        }

        /** Adds a triangle's part of the outline, by its corners' heights above the plane. */
        void add(int t, double h0, double h1, double h2) {
            int above = (h0 > 0 ? 1 : 0) | (h1 > 0 ? 2 : 0) | (h2 > 0 ? 4 : 0);
            // The outline dips below the plane after corner i and comes back after corner j.
            int i = above == 1 || above == 5 ? 0 : above == 2 || above == 3 ? 1 : 2;
            int j = above == 1 || above == 3 ? 2 : above == 2 || above == 6 ? 0 : 1;
            int i0 = 3 * c[t + i];
            int i1 = 3 * c[t + (i + 1) % 3];
            int j0 = 3 * c[t + j];
            int j1 = 3 * c[t + (j + 1) % 3];
            double hi = i == 0 ? h0 : i == 1 ? h1 : h2;
            double hi1 = i == 0 ? h1 : i == 1 ? h2 : h0;
            double hj = j == 0 ? h0 : j == 1 ? h1 : h2;
            double hj1 = j == 0 ? h1 : j == 1 ? h2 : h0;
            double ti = hi / (hi - hi1);
            double tj = hj / (hj - hj1);
            double fx = p[i0] + ti * (p[i1] - p[i0]) - ox;
            double fy = p[i0 + 1] + ti * (p[i1 + 1] - p[i0 + 1]) - oy;
            double fz = p[i0 + 2] + ti * (p[i1 + 2] - p[i0 + 2]) - oz;
            double tx = p[j0] + tj * (p[j1] - p[j0]) - ox;
            double ty = p[j0 + 1] + tj * (p[j1 + 1] - p[j0 + 1]) - oy;
            double tz = p[j0 + 2] + tj * (p[j1 + 2] - p[j0 + 2]) - oz;
            area += ax * (fy * tz - fz * ty) + ay * (fz * tx - fx * tz) + az * (fx * ty - fy * tx);
            gapX += tx - fx;
            gapY += ty - fy;
            gapZ += tz - fz;
        }

        /** Infinite if there is no section or it is not closed. */
        double areaMm2() {
            boolean closed = Math.abs(gapX) + Math.abs(gapY) + Math.abs(gapZ) < 1e-6;
            return area > 0 && closed ? area / 2 : Double.POSITIVE_INFINITY;
        }
    }

    /**
     * Fits a paraboloid to the area in the directions round an axis, two rings of eight and the
     * axis itself, by least squares.
     *
     * @return the turns (radians) about which the axis must lean towards u and w to come to the
     *     paraboloid's lowest point, no further than the fit's radius; empty if a section of the
     *     fit is infinite
     */
    double[] towardsSmallest(Vec3 axis, Vec3 u, Vec3 w, double depth, double radius) {
        double centre = areaMm2(axis, depth);
        double[] ring = new double[2];
        double gu = 0;
        double gw = 0;
        double x2 = 0;
        double difference = 0;
        double cross = 0;
        double fourth = 0;
        if (!(centre < Double.POSITIVE_INFINITY)) {
            return new double[0];
        }
        for (int r = 0; r < 2; r++) {
            double angle = radius * (r + 1) / 2;
            for (int n = 0; n < RING; n++) {
                double x = angle * Math.cos(2 * Math.PI * n / RING);
                double y = angle * Math.sin(2 * Math.PI * n / RING);
                double s = areaMm2(axis.plus(u.times(x)).plus(w.times(y)).normalised(), depth);
                if (!(s < Double.POSITIVE_INFINITY)) {
                    return new double[0];
                }
                ring[r] += s / RING;
                gu += s * x;
                gw += s * y;
                x2 += x * x;
                difference += s * (x * x - y * y);
                cross += s * 2 * x * y;
                fourth += (x * x - y * y) * (x * x - y * y);
            }
        }
        gu /= x2;
        gw /= x2;
        // s = k + g·x + q (x² + y²) + d (x² − y²) + e 2xy; on the rings the terms are orthogonal,
        // but for k and q, which follow from the rings' means.
        double d = difference / fourth;
        double e = cross / fourth;
        double r1 = radius * radius / 4;
        double r2 = radius * radius;
        double n = 1 + 2 * RING;
        double meanR = RING * (r1 + r2) / n;
        double meanS = (centre + RING * (ring[0] + ring[1])) / n;
        double q =
                (-meanR * (centre - meanS)
                                + RING * (r1 - meanR) * (ring[0] - meanS)
                                + RING * (r2 - meanR) * (ring[1] - meanS))
                        / (meanR * meanR
                                + RING * (r1 - meanR) * (r1 - meanR)
                                + RING * (r2 - meanR) * (r2 - meanR));
        double huu = 2 * (q + d);
        double hww = 2 * (q - d);
        double huw = 2 * e;
        double det = huu * hww - huw * huw;
        double du;
        double dw;
        if (det > 0 && huu > 0) {
            du = -(hww * gu - huw * gw) / det;
            dw = -(huu * gw - huw * gu) / det;
        } else {
            // A saddle or a flat: go down, if there is a down.
            double g = Math.hypot(gu, gw);
            double s = g * radius > 1e-3 * centre ? radius / g : 0;
            du = -s * gu;
            dw = -s * gw;
        }
        double length = Math.hypot(du, dw);
        double shorten = length > radius ? radius / length : 1;
        return new double[] {du * shorten, dw * shorten};
    }
}
