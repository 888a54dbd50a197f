package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.volume.Vec3;

/**
 * The mandibular fossa in the section across the condyle's long axis: seen from below, where its
 * top, the eminence's crest and the posterior rim are.
 *
 * <p>The section is the plane through the condyle's centre that the frame's posterior and superior
 * axes span; in it, v runs to the back and w up, both from the centre. The profile is the height of
 * the first bone met from below, every {@value #STEP_MM} mm.
 *
 * @param top highest point of the profile between crest and rim
 * @param crest lowest point of the articular eminence, null if the profile ends before one
 * @param rim the posterior wall's lowest point, but not below the level of the crest; null if there
 *     is no wall within {@value #WALL_MM} mm
 * @param deepest point of the profile furthest from the line from crest to rim; null without them
 * @param depthMm its distance from that line
 * @param problem why crest or rim is missing, else empty
 */
record FossaProfile(
        @Nullable Vec3 top,
        @Nullable Vec3 crest,
        @Nullable Vec3 rim,
        @Nullable Vec3 deepest,
        double depthMm,
        String problem) {

    private static final double STEP_MM = 0.1;

    /** The profile is looked for this far below the centre, in front of it and behind it. */
    private static final double BELOW_MM = 12;

    private static final double FRONT_MM = 26;
    private static final double BACK_MM = 16;

    /** And this far above {@link #BELOW_MM}. */
    private static final double ROOF_MM = 40;

    /** The fossa's top stands above what is in front of it and behind it by this much. */
    private static final double PROMINENCE_MM = 1.5;

    /**
     * Behind a crest the bone rises by this much, or it is no crest but the end of what is seen.
     */
    private static final double RISE_MM = 0.3;

    /** How far behind the fossa's top the posterior wall may stand. */
    private static final double WALL_MM = 13;

    /** Lower by less than this is not lower. */
    private static final double LEAST_MM = 0.02;

    /** A level stretch of at least this ends at its first sample, not where the view ends. */
    private static final double LEVEL_LENGTH_MM = 1;

    /** A posterior rim this little below the crest's level counts as level with it. */
    private static final double LEVEL_MM = 0.05;

    /** Half the length of profile over which the crest's position is fitted. */
    private static final double CREST_FIT_MM = 1.2;

    /** A fit that leaves more than this is one across an edge; the lowest sample stands then. */
    private static final double CREST_FIT_RESIDUAL_MM = 0.03;

    /**
     * The roof is so thin that scans show holes in it; a hole in the profile up to this long is
     * bridged. Wider ones are left, for nothing tells what was there.
     */
    private static final double HOLE_MM = 2.5;

    /** Bone this far above both ends of a hole is seen through it. */
    private static final double THROUGH_MM = 0.8;

    static FossaProfile of(JointFrame frame, Rays temporal) {
        return new Search(frame, temporal).run();
    }

    private static final class Search {
        private final JointFrame frame;
        private final Rays temporal;
        private final int n = (int) Math.round((FRONT_MM + BACK_MM) / STEP_MM) + 1;

        /** Height of the first bone from below, infinite where there is none. */
        private final double[] height = new double[n];

        Search(JointFrame frame, Rays temporal) {
            this.frame = frame;
            this.temporal = temporal;
        }

        private double v(int i) {
            return -FRONT_MM + i * STEP_MM;
        }

        private Vec3 point(double v, double w) {
            return frame.centre().plus(frame.direction(0, v, w));
        }

        FossaProfile run() {
            Vec3 up = frame.superior();
            for (int i = 0; i < n; i++) {
                height[i] = temporal.distance(point(v(i), -BELOW_MM), up, ROOF_MM) - BELOW_MM;
            }
            bridgeHoles();
            int top = top();
            if (top < 0) {
                return new FossaProfile(
                        null, null, null, null, 0, "no fossa is seen above the condyle's section");
            }
            Vec3 topPoint = point(v(top), height[top]);
            int crest = crest(top);
            if (crest < 0) {
                return new FossaProfile(
                        topPoint,
                        null,
                        null,
                        null,
                        0,
                        "the articular eminence has no lowest point within the field of view");
            }
            double[] c = refined(crest);
            Vec3 crestPoint = point(c[0], c[1]);
            Vec3 rim = rim(top, c[1]);
            if (rim == null) {
                return new FossaProfile(
                        topPoint,
                        crestPoint,
                        null,
                        null,
                        0,
                        "no posterior wall of the fossa is met within %.0f mm behind its top"
                                .formatted(WALL_MM));
            }
            return withDepth(topPoint, crestPoint, rim);
        }

        /**
         * Straight lines across the holes of the roof through which no bone or higher bone is seen.
         */
        private void bridgeHoles() {
            int longest = (int) Math.round(HOLE_MM / STEP_MM);
            for (int i = 1; i < n - 1; i++) {
                double before = height[i - 1];
                if (!(height[i] > before + THROUGH_MM)) {
                    continue;
                }
                int end = i + 1;
                while (end < n && end - i <= longest && height[end] > before + THROUGH_MM) {
                    end++;
                }
                if (end < n && end - i <= longest && height[end] > before - THROUGH_MM) {
                    double after = height[end];
                    for (int k = i; k < end; k++) {
                        height[k] = before + (after - before) * (k - i + 1) / (end - i + 1);
                    }
                }
            }
        }

        /** The highest sample of the hollow above the condyle, or -1. */
        private int top() {
            int best = -1;
            for (int i = 0; i < n; i++) {
                if (!Double.isFinite(height[i]) || !isTop(i)) {
                    continue;
                }
                // The hollow nearest to the condyle; one behind it before one in front, because an
                // open mouth carries the condyle forward.
                if (best < 0 || remoteness(v(i)) < remoteness(v(best))) {
                    best = i;
                }
            }
            return best;
        }

        private static double remoteness(double v) {
            return v >= -4 ? Math.abs(v) : 100 - v;
        }

        /** Whether the profile falls by the prominence on either side before it rises above. */
        private boolean isTop(int i) {
            return falls(i, -1) && falls(i, 1);
        }

        private boolean falls(int i, int way) {
            for (int j = i + way; j >= 0 && j < n; j += way) {
                if (!Double.isFinite(height[j])) {
                    return false;
                }
                if (height[j] > height[i] || (height[j] == height[i] && way < 0)) {
                    return false;
                }
                if (height[j] < height[i] - PROMINENCE_MM) {
                    return true;
                }
            }
            return false;
        }

        /** Lowest sample in front of the top, before the bone rises again; or -1. */
        private int crest(int top) {
            int lowest = top;
            double rise = 0;
            int i = top - 1;
            for (; i >= 0 && Double.isFinite(height[i]); i--) {
                if (height[i] < height[lowest] - LEAST_MM) {
                    lowest = i;
                    rise = 0;
                } else {
                    rise = Math.max(rise, height[i] - height[lowest]);
                }
                if (rise > PROMINENCE_MM) {
                    return lowest;
                }
            }
            return rise > RISE_MM || isLevel(lowest, i) ? lowest : -1;
        }

        /** Whether the profile stays level from its lowest sample to its end, as a block's does. */
        private static boolean isLevel(int lowest, int end) {
            return Math.abs(end - lowest) * STEP_MM > LEVEL_LENGTH_MM;
        }

        /** v and w of the lowest point of a cubic through the samples round the lowest one. */
        private double[] refined(int lowest) {
            int reach = (int) Math.round(CREST_FIT_MM / STEP_MM);
            double[] raw = {v(lowest), height[lowest]};
            if (lowest < reach || lowest + reach >= n) {
                return raw;
            }
            SmallSystem system = new SmallSystem(4);
            double[] row = new double[4];
            for (int k = -reach; k <= reach; k++) {
                double h = height[lowest + k] - height[lowest];
                if (!(h < PROMINENCE_MM)) {
                    return raw;
                }
                cubicRow(k / (double) reach, row);
                system.add(row, h, 1);
            }
            double[] a = new double[4];
            if (!system.solve(0, a)) {
                return raw;
            }
            double least = Double.POSITIVE_INFINITY;
            double at = 0;
            for (int k = -50; k <= 50; k++) {
                double t = k / 50.0;
                double h = a[0] + t * (a[1] + t * (a[2] + t * a[3]));
                if (h < least) {
                    least = h;
                    at = t;
                }
            }
            // One step of Newton from the grid to the exact place.
            double slope = a[1] + at * (2 * a[2] + 3 * at * a[3]);
            double bend = 2 * a[2] + 6 * at * a[3];
            if (Math.abs(at) > 0.95 || !(bend > 0)) {
                return raw;
            }
            at -= slope / bend;
            double worst = 0;
            for (int k = -reach; k <= reach; k++) {
                double t = k / (double) reach;
                double h = a[0] + t * (a[1] + t * (a[2] + t * a[3]));
                worst = Math.max(worst, Math.abs(h - height[lowest + k] + height[lowest]));
            }
            if (worst > CREST_FIT_RESIDUAL_MM) {
                return raw;
            }
            double h = a[0] + at * (a[1] + at * (a[2] + at * a[3]));
            return new double[] {v(lowest) + at * CREST_FIT_MM, height[lowest] + h};
        }

        private static void cubicRow(double t, double[] row) {
            row[0] = 1;
            row[1] = t;
            row[2] = t * t;
            row[3] = t * t * t;
        }

        /**
         * The lowest point of the wall behind the top, if it is not below the crest; else where the
         * wall passes the crest's level.
         */
        private @Nullable Vec3 rim(int top, double crestW) {
            int lowest = top;
            int end = Math.min(n - 1, top + (int) Math.round(WALL_MM / STEP_MM));
            int i = top + 1;
            for (; i <= end && Double.isFinite(height[i]); i++) {
                if (height[i] < crestW - LEVEL_MM) {
                    return temporal.first(point(v(top), crestW), frame.posterior(), WALL_MM);
                }
                if (height[i] < height[lowest] - LEAST_MM) {
                    lowest = i;
                } else if (height[i] > height[lowest] + RISE_MM) {
                    break;
                }
            }
            boolean risen = i <= end && Double.isFinite(height[i]);
            if (!risen && !isLevel(lowest, i)) {
                return null;
            }
            double[] r = refined(lowest);
            return point(r[0], r[1]);
        }

        private FossaProfile withDepth(Vec3 top, Vec3 crest, Vec3 rim) {
            Vec3 c = frame.coordinates(crest);
            Vec3 r = frame.coordinates(rim);
            double dv = r.y() - c.y();
            double dw = r.z() - c.z();
            double length = Math.hypot(dv, dw);
            if (!(length > 1)) {
                return new FossaProfile(
                        top, crest, null, null, 0, "crest and posterior rim of the fossa coincide");
            }
            double depth = 0;
            Vec3 deepest = null;
            for (int i = 0; i < n; i++) {
                if (v(i) <= c.y() || v(i) >= r.y() || !Double.isFinite(height[i])) {
                    continue;
                }
                double d = ((height[i] - c.z()) * dv - (v(i) - c.y()) * dw) / length;
                if (d > depth) {
                    depth = d;
                    deepest = point(v(i), height[i]);
                }
            }
            return new FossaProfile(top, crest, rim, deepest, depth, "");
        }
    }
}
