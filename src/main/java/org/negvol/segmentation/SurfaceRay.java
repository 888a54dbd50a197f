package org.negvol.segmentation;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/**
 * Where does the CT show a bone's surface along a ray?
 *
 * <p>Among the falls of HU along it, the one that is deepest and nearest the owner's border is the
 * surface, and it lies where HU passes the mean of cortical peak and neighbouring medium (the half
 * maximum, which a symmetric point spread does not move). Not to be shared between threads.
 */
final class SurfaceRay {

    /** Step along a ray, in mm: half a voxel. */
    static final double STEP_MM = 0.2;

    /**
     * A fall of less than this, in HU, shows no surface: eight times the noise of a bone kernel.
     */
    static final float LEAST_FALL_HU = 250;

    /** Cortical bone has at least this many HU, even where it is thin. */
    static final float LEAST_CORTEX_HU = 250;

    /** A rise of less than this, in HU, within a fall is noise. */
    static final float RISE_HU = 120;

    /**
     * The medium at bone is at least fat, in HU; lower values belong to air behind a layer of
     * tissue too thin for the scan.
     */
    static final double LEAST_NEIGHBOUR_HU = -100;

    /** How fast trust in a fall declines with its distance from the owner's border, mm. */
    static final double TRUST_MM = 0.8;

    /** Samples on a ray, the border in the middle one. */
    private static final int SAMPLES =
            2 * (int) Math.round((BoneSurfaces.BAND_MM + 0.4) / STEP_MM) + 1;

    private static final double REACH_MM = STEP_MM * (SAMPLES - 1) / 2;

    private final float[] hu;
    private final byte[] owner;
    private final int nx;
    private final int ny;
    private final int nz;
    private final float[] spacing;

    /** HU along the ray, from inside to outside. */
    private final float[] profile = new float[SAMPLES];

    /** Array index of the voxel at the ray's first sample, and the step between two, in voxels. */
    private final float[] start = new float[3];

    private final float[] step = new float[3];

    SurfaceRay(ScalarVolume hu, byte[] owner) {
        VolumeGeometry g = hu.geometry();
        this.hu = hu.values();
        this.owner = owner;
        nx = g.columns();
        ny = g.rows();
        nz = g.slices();
        spacing =
                new float[] {
                    (float) g.spacingMm(0), (float) g.spacingMm(1), (float) g.spacingMm(2)
                };
    }

    /**
     * Where the bone ends along the ray through a voxel.
     *
     * @param distance the voxel's distance to the owner's border, mm
     * @param direction of the ray, outwards; of any length
     * @param length the direction's
     * @param other the bone whose cortex is none of this bone
     * @return distance of the surface from the owner's border along the ray, mm, positive outwards;
     *     NaN if the CT does not show it
     */
    double surface(
            int i, int j, int k, float distance, float[] direction, double length, byte other) {
        boolean within = lay(i, 0, nx, distance, direction[0] / length);
        within &= lay(j, 1, ny, distance, direction[1] / length);
        within &= lay(k, 2, nz, distance, direction[2] / length);
        if (within) {
            float x = start[0];
            float y = start[1];
            float z = start[2];
            float dx = step[0];
            float dy = step[1];
            float dz = step[2];
            for (int q = 0; q < SAMPLES; q++) {
                profile[q] = sample(x + q * dx, y + q * dy, z + q * dz);
            }
        } else {
            for (int q = 0; q < SAMPLES; q++) {
                profile[q] = sample(position(q, 0, nx), position(q, 1, ny), position(q, 2, nz));
            }
        }
        return deepestFall(other);
    }

    /**
     * Sets start and step of the ray along an axis.
     *
     * @param at the voxel through which it runs
     * @param perMm how far it moves along the axis on a way of 1 mm, mm
     * @return whether it stays within the grid
     */
    private boolean lay(int at, int axis, int n, float distance, double perMm) {
        double voxels = perMm / spacing[axis];
        start[axis] = (float) (at - (REACH_MM + distance) * voxels);
        step[axis] = (float) (STEP_MM * voxels);
        float end = start[axis] + (SAMPLES - 1) * step[axis];
        return Math.min(start[axis], end) >= 0 && Math.max(start[axis], end) < n - 1.001f;
    }

    /** Where a sample lies along an axis, in voxels; within the grid. */
    private float position(int q, int axis, int n) {
        return Math.clamp(start[axis] + q * step[axis], 0, n - 1.001f);
    }

    private float sample(float x, float y, float z) {
        int x0 = (int) x;
        int y0 = (int) y;
        int z0 = (int) z;
        float fx = x - x0;
        float fy = y - y0;
        float fz = z - z0;
        int o = x0 + nx * (y0 + ny * z0);
        int up = o + nx * ny;
        float a = hu[o] + fx * (hu[o + 1] - hu[o]);
        float b = hu[o + nx] + fx * (hu[o + nx + 1] - hu[o + nx]);
        float c = hu[up] + fx * (hu[up + 1] - hu[up]);
        float d = hu[up + nx] + fx * (hu[up + nx + 1] - hu[up + nx]);
        a += fy * (b - a);
        c += fy * (d - c);
        return a + fz * (c - a);
    }

    private byte ownerAt(int q) {
        int x = (int) (position(q, 0, nx) + 0.5f);
        int y = (int) (position(q, 1, ny) + 0.5f);
        int z = (int) (position(q, 2, nz) + 0.5f);
        return owner[x + nx * (y + ny * z)];
    }

    private double deepestFall(byte other) {
        double best = Double.NaN;
        double bestFall = 0;
        int top = 0;
        int bottom = 0;
        float highest = profile[0];
        float lowest = highest;
        for (int q = 1; q <= SAMPLES; q++) {
            float here = q == SAMPLES ? Float.POSITIVE_INFINITY : profile[q];
            if (here > lowest + RISE_HU) {
                float fall = highest - lowest;
                if (fall >= LEAST_FALL_HU && highest >= LEAST_CORTEX_HU && ownerAt(top) != other) {
                    double u = crossing(top, bottom) * STEP_MM - REACH_MM;
                    if (Math.abs(u) <= BoneSurfaces.BAND_MM
                            && (bestFall == 0 || isBetter(fall, u, bestFall, best))) {
                        best = u;
                        bestFall = fall;
                    }
                }
                top = q;
                bottom = q;
                highest = here;
                lowest = here;
            } else if (here > highest) {
                top = q;
                bottom = q;
                highest = here;
                lowest = here;
            } else if (here < lowest) {
                bottom = q;
                lowest = here;
            }
        }
        return best;
    }

    /** Whether a fall counts more than another one; mostly seen without an exponential. */
    private static boolean isBetter(double fall, double u, double otherFall, double other) {
        double nearer = Math.abs(other) - Math.abs(u);
        if (fall <= otherFall && nearer <= 0) {
            return false;
        }
        return (fall > otherFall && nearer >= 0) || fall * trust(u) > otherFall * trust(other);
    }

    private static double trust(double u) {
        return Math.exp(-u * u / (2 * TRUST_MM * TRUST_MM));
    }

    /** Sample position at which a fall last passes its half height. */
    private double crossing(int top, int bottom) {
        double half = (profile[top] + Math.max(profile[bottom], LEAST_NEIGHBOUR_HU)) / 2;
        int q = bottom;
        while (q > top + 1 && profile[q - 1] < half) {
            q--;
        }
        double fall = profile[q - 1] - profile[q];
        return fall > 0 ? q - 1 + Math.clamp((profile[q - 1] - half) / fall, 0, 1) : q;
    }
}
