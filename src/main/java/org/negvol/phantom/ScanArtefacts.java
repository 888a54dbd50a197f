package org.negvol.phantom;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * What goes wrong in a scanner: metal and its streaks, rings, cupping, motion and a field of view
 * narrower than the head. Worked on slice by slice, in the image: what a reader of the image sees,
 * without a projection of the whole head.
 *
 * @param seed seed of the pattern of streaks and rings
 * @param metal pieces of metal
 * @param ringHu standard deviation of the rings' HU; 0 is none
 * @param cuppingHu how many HU the middle of the field of view is darker than its rim (beam
 *     hardening); 0 is none
 * @param motionMm how far the head is displaced during part of the slices, which show it twice; 0
 *     is none
 * @param truncationMm radius of the field of view round the grid's middle, brighter towards its rim
 *     and empty outside, as cone-beam scanners leave it; 0 is no limit
 */
public record ScanArtefacts(
        long seed,
        List<Metal> metal,
        double ringHu,
        double cuppingHu,
        double motionMm,
        double truncationMm) {

    /** A scan without any. */
    public static final ScanArtefacts NONE = new ScanArtefacts(0, List.of(), 0, 0, 0, 0);

    /** What metal has at least, and all that a stored value of twelve bits can say. */
    public static final short METAL_HU = 3071;

    private static final int LOWEST_HU = -1024;

    /** Directions in which streaks are told apart. */
    private static final int DIRECTIONS = 2048;

    /** Streaks reach so far above and below their metal, mm: detector rows scatter. */
    private static final double STREAK_REACH_MM = 1.5;

    /** Streaks keep their height up to this distance from the metal's rim, mm. */
    private static final double STREAK_MM = 18;

    /** Share of the slices that motion doubles. */
    private static final double MOVED_SHARE = 0.3;

    /** How strongly the displaced head shines through. */
    private static final float MOVED_WEIGHT = 0.45f;

    /** How far inside the rim of a narrow field of view its brightening begins, mm. */
    private static final double RIM_MM = 12;

    /** How many HU a narrow field of view is brighter at its rim. */
    private static final double RIM_HU = 250;

    /**
     * A ball of metal.
     *
     * @param centreMm LPS mm
     * @param radiusMm a filling has 2 to 4, a joint's prosthesis 6 to 10
     * @param streakHu height of its streaks
     */
    public record Metal(Vec3 centreMm, double radiusMm, double streakHu) {

        public Metal {
            if (!(radiusMm > 0 && streakHu >= 0)) {
                throw new IllegalArgumentException(
                        "metal of %s mm with streaks of %s HU".formatted(radiusMm, streakHu));
            }
        }
    }

    public ScanArtefacts {
        metal = List.copyOf(metal);
        if (!(ringHu >= 0 && cuppingHu >= 0 && motionMm >= 0 && truncationMm >= 0)) {
            throw new IllegalArgumentException("an artefact of negative size");
        }
    }

    /** A sink that adds these to every slice and hands it on; labels stay as they are. */
    public HeadPhantom.SliceSink before(VolumeGeometry grid, HeadPhantom.SliceSink next) {
        if (equals(NONE)) {
            return next;
        }
        Work work = new Work(grid);
        return (k, hu, labels) -> {
            work.add(k, hu);
            next.slice(k, hu, labels);
        };
    }

    private final class Work {
        private final VolumeGeometry grid;
        private final Vec3 middle;
        private final float[] rings;
        private final float[][] streaks;
        private final short[] still;

        Work(VolumeGeometry grid) {
            this.grid = grid;
            middle =
                    grid.toPatient(
                            (grid.columns() - 1) / 2.0,
                            (grid.rows() - 1) / 2.0,
                            (grid.slices() - 1) / 2.0);
            SplittableRandom r = new SplittableRandom(seed);
            rings = new float[grid.columns() + grid.rows()];
            for (int i = 0; i < rings.length; i++) {
                rings[i] = (float) (ringHu * r.nextGaussian());
            }
            streaks = new float[metal.size()][];
            for (int m = 0; m < streaks.length; m++) {
                streaks[m] = pattern(r, metal.get(m).streakHu());
            }
            still = new short[grid.columns() * grid.rows()];
        }

        /** HU by direction: many fine rays, and two dark bands that face each other. */
        private static float[] pattern(SplittableRandom r, double height) {
            float[] p = new float[DIRECTIONS];
            for (int wave = 0; wave < 12; wave++) {
                int n = r.nextInt(5, 60);
                double phase = r.nextDouble(2 * Math.PI);
                double a = height * r.nextDouble(0.1, 0.4);
                for (int d = 0; d < DIRECTIONS; d++) {
                    p[d] += (float) (a * Math.sin(n * 2 * Math.PI * d / DIRECTIONS + phase));
                }
            }
            int dark = r.nextInt(DIRECTIONS);
            for (int d = 0; d < DIRECTIONS; d++) {
                int off = Math.floorMod(d - dark, DIRECTIONS / 2);
                double u = Math.min(off, DIRECTIONS / 2 - off) * 2 * Math.PI / DIRECTIONS / 0.15;
                p[d] -= (float) (1.5 * height * Math.exp(-u * u));
            }
            return p;
        }

        void add(int k, short[] hu) {
            move(k, hu);
            for (int m = 0; m < streaks.length; m++) {
                metal(k, hu, metal.get(m), streaks[m]);
            }
            if (ringHu > 0 || cuppingHu > 0 || truncationMm > 0) {
                round(hu);
            }
        }

        private void move(int k, short[] hu) {
            int dx = (int) Math.round(motionMm / grid.spacingMm(0));
            double at = (double) k / grid.slices() - 0.5;
            if (dx == 0 || Math.abs(at) > MOVED_SHARE / 2) {
                return;
            }
            System.arraycopy(hu, 0, still, 0, hu.length);
            int n = grid.columns();
            for (int o = 0; o < hu.length; o++) {
                int column = o % n;
                short other = still[o - Math.min(column, dx)];
                hu[o] = (short) Math.round(still[o] + MOVED_WEIGHT * (other - still[o]));
            }
        }

        private void metal(int k, short[] hu, Metal m, float[] pattern) {
            Vec3 q = grid.toIndex(m.centreMm());
            double away = Math.abs(k - q.z()) * grid.spacingMm(2);
            double over = Math.max(0, away - m.radiusMm()) / STREAK_REACH_MM;
            double share = Math.exp(-over * over);
            if (share < 0.02) {
                return;
            }
            double inPlane = Math.sqrt(Math.max(0, m.radiusMm() * m.radiusMm() - away * away));
            for (int j = 0; j < grid.rows(); j++) {
                double y = (j - q.y()) * grid.spacingMm(1);
                for (int i = 0; i < grid.columns(); i++) {
                    int o = i + j * grid.columns();
                    double x = (i - q.x()) * grid.spacingMm(0);
                    double r = Math.hypot(x, y);
                    if (r < inPlane) {
                        hu[o] = METAL_HU;
                        continue;
                    }
                    double turn = Math.atan2(y, x) / (2 * Math.PI) + 1;
                    float p = pattern[(int) (turn * DIRECTIONS) % DIRECTIONS];
                    double fade = Math.min(1, STREAK_MM / (r - inPlane + 1));
                    hu[o] = clamp(hu[o] + share * fade * p);
                }
            }
        }

        private void round(short[] hu) {
            Vec3 q = grid.toIndex(middle);
            double reach = Math.max(grid.columns() - q.x(), grid.rows() - q.y());
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    int o = i + j * grid.columns();
                    double r = Math.hypot(i - q.x(), j - q.y());
                    double v = hu[o];
                    if (v > LOWEST_HU + 100) {
                        double u = Math.min(1, r / reach);
                        v += rings[Math.min((int) r, rings.length - 1)] - cuppingHu * (1 - u * u);
                    }
                    double inside = truncationMm - r * grid.spacingMm(0);
                    if (truncationMm > 0 && inside < RIM_MM) {
                        v = inside < 0 ? LOWEST_HU : v + RIM_HU * (1 - inside / RIM_MM);
                    }
                    hu[o] = clamp(v);
                }
            }
        }

        private static short clamp(double hu) {
            return (short) Math.clamp(Math.round(hu), LOWEST_HU, METAL_HU);
        }
    }

    /** Artefacts of usual strength, by name. */
    public enum Kind {
        /** Fillings in the first molars of either side. */
        FILLINGS,
        /** A metal prosthesis in the left joint. */
        PROSTHESIS_LEFT,
        /** A metal prosthesis in the right joint. */
        PROSTHESIS_RIGHT,
        /** Rings round the middle of the field of view. */
        RINGS,
        /** The middle darker than the rim. */
        CUPPING,
        /** A head that moved during part of the scan. */
        MOTION,
        /** A field of view of 65 mm radius that holds the joints but not the head. */
        TRUNCATION
    }

    private static final double FILLING_MM = 3;
    private static final double FILLING_STREAK_HU = 400;
    private static final double PROSTHESIS_MM = 8;
    private static final double PROSTHESIS_STREAK_HU = 500;
    private static final double USUAL_RING_HU = 20;
    private static final double USUAL_CUPPING_HU = 90;
    private static final double USUAL_MOTION_MM = 0.8;
    private static final double USUAL_TRUNCATION_MM = 65;

    /** A random artefact is at least this share of its usual strength. */
    private static final double WEAKEST = 0.2;

    /** Share of random scans with each kind. */
    private static final double RANDOM_SHARE = 0.15;

    /** The first molars, from the middle between the condyles, LPS mm. */
    private static final Vec3 LEFT_MOLAR = new Vec3(24, -62, -42);

    private static final Vec3 RIGHT_MOLAR = new Vec3(-24, -62, -42);

    /** Artefacts of usual strength in a scan of a head. */
    public static ScanArtefacts of(HeadPhantom head, Set<Kind> kinds, long seed) {
        List<Metal> metal = new ArrayList<>();
        if (kinds.contains(Kind.FILLINGS)) {
            metal.addAll(fillings(head, FILLING_MM));
        }
        if (kinds.contains(Kind.PROSTHESIS_LEFT)) {
            metal.add(prosthesis(head.centre(Side.LEFT), PROSTHESIS_MM));
        }
        if (kinds.contains(Kind.PROSTHESIS_RIGHT)) {
            metal.add(prosthesis(head.centre(Side.RIGHT), PROSTHESIS_MM));
        }
        return new ScanArtefacts(
                seed,
                metal,
                kinds.contains(Kind.RINGS) ? USUAL_RING_HU : 0,
                kinds.contains(Kind.CUPPING) ? USUAL_CUPPING_HU : 0,
                kinds.contains(Kind.MOTION) ? USUAL_MOTION_MM : 0,
                kinds.contains(Kind.TRUNCATION) ? USUAL_TRUNCATION_MM : 0);
    }

    /** Those that leave the joints to be measured, each in some scans, in any strength. */
    public static ScanArtefacts random(HeadPhantom head, SplittableRandom r) {
        List<Metal> metal =
                r.nextDouble() < RANDOM_SHARE ? fillings(head, r.nextDouble(2, 4)) : List.of();
        double[] size = {USUAL_RING_HU, USUAL_CUPPING_HU, USUAL_MOTION_MM};
        for (int i = 0; i < size.length; i++) {
            size[i] *= r.nextDouble() < RANDOM_SHARE ? r.nextDouble(WEAKEST, 1.2) : 0;
        }
        return new ScanArtefacts(r.nextLong(), metal, size[0], size[1], size[2], 0);
    }

    /** A prosthesis in one joint and its streaks. */
    public static Metal prosthesis(Vec3 centreMm, double radiusMm) {
        return new Metal(centreMm, radiusMm, PROSTHESIS_STREAK_HU);
    }

    private static List<Metal> fillings(HeadPhantom head, double radiusMm) {
        Vec3 between = head.centre(Side.LEFT).plus(head.centre(Side.RIGHT)).times(0.5);
        return List.of(
                new Metal(between.plus(LEFT_MOLAR), radiusMm, FILLING_STREAK_HU),
                new Metal(between.plus(RIGHT_MOLAR), radiusMm, FILLING_STREAK_HU));
    }
}
