package org.negvol.segmentation;

import java.util.Arrays;
import org.negvol.volume.VolumeGeometry;

/**
 * The Euclidean distance of the voxels near a set of seed voxels to the nearest of these, and which
 * seed that is.
 *
 * <p>One axis after the other the least of a window of neighbours is taken (the distance is
 * separable: Saito, Toriwaki, Pattern Recognition 27, 1994). A voxel's state is one number, its
 * squared distance in the high bits and the way to its seed in the low ones, so that the windows
 * are plain loops over whole slices which the compiler turns into vector instructions; a slice at a
 * time, since the volume would not fit the processor's cache.
 */
final class NearestSeed {

    /** Bits for the way along one axis: from -15 to 15 voxels. */
    private static final int WAY_BITS = 5;

    private static final int WAYS = 1 << (3 * WAY_BITS);
    private static final int MOST_VOXELS = 15;

    /** The squared reach is so many units: of seeds as near as a unit either may be taken. */
    private static final int UNITS = 1 << 12;

    /** More than three times the squared reach can be, and far from overflow. */
    private static final int NONE = 1 << 30;

    private final VolumeGeometry g;
    private final double reachMm;

    /** Voxels that the window reaches along each axis. */
    private final int[] window = new int[3];

    /** A row and as many empty voxels as its window reaches: what rows see beyond their ends. */
    private final int width;

    /** The state of each voxel. */
    private final int[] state;

    /** A slice, moved to the places of the one it is compared with. */
    private final int[] moved;

    /** What a way is long, mm, and how far it goes in the arrays; infinite and 0 beyond reach. */
    private final float[] wayMm = new float[WAYS];

    private final int[] wayIndex = new int[WAYS];

    private NearestSeed(VolumeGeometry g, double reachMm) {
        this.g = g;
        this.reachMm = reachMm;
        for (int axis = 0; axis < 3; axis++) {
            window[axis] = (int) (reachMm / g.spacingMm(axis));
            if (window[axis] > MOST_VOXELS) {
                throw new IllegalArgumentException(
                        "voxels of %s mm are too small for a reach of %s mm"
                                .formatted(g.spacingMm(axis), reachMm));
            }
        }
        width = g.columns() + window[0];
        moved = new int[width * g.rows()];
        state = new int[Math.toIntExact(g.voxelCount())];
    }

    /**
     * @param g a grid with orthogonal axes
     * @param reachMm the farthest a seed may be, at most {@value #MOST_VOXELS} voxels
     */
    static NearestSeed within(VolumeGeometry g, boolean[] seeds, double reachMm) {
        NearestSeed n = new NearestSeed(g, reachMm);
        n.measureWays();
        n.acrossSlices(n.withinSlices(seeds));
        return n;
    }

    /** Array index of the nearest seed of a voxel; -1 if there is none within reach. */
    int seed(int voxel) {
        int way = state[voxel] & (WAYS - 1);
        return isWithin(voxel) ? voxel + wayIndex[way] : -1;
    }

    /** Distance to the nearest seed, mm; infinite if there is none within reach. */
    float distanceMm(int voxel) {
        return isWithin(voxel) ? wayMm[state[voxel] & (WAYS - 1)] : Float.POSITIVE_INFINITY;
    }

    private boolean isWithin(int voxel) {
        int s = state[voxel];
        return s < NONE && wayMm[s & (WAYS - 1)] <= Float.MAX_VALUE;
    }

    private static int way(int voxels, int axis) {
        return (voxels + MOST_VOXELS) << (WAY_BITS * axis);
    }

    private void measureWays() {
        Arrays.fill(wayMm, Float.POSITIVE_INFINITY);
        double x2 = g.spacingMm(0) * g.spacingMm(0);
        double y2 = g.spacingMm(1) * g.spacingMm(1);
        double z2 = g.spacingMm(2) * g.spacingMm(2);
        for (int k = -window[2]; k <= window[2]; k++) {
            for (int j = -window[1]; j <= window[1]; j++) {
                for (int i = -window[0]; i <= window[0]; i++) {
                    double squared = i * i * x2 + j * j * y2 + k * k * z2;
                    if (squared <= reachMm * reachMm) {
                        int way = way(i, 0) | way(j, 1) | way(k, 2);
                        wayMm[way] = (float) Math.sqrt((float) squared);
                        wayIndex[way] = i + g.columns() * (j + g.rows() * k);
                    }
                }
            }
        }
    }

    /** The states as seen within each slice; rows are {@link #width} long. */
    private int[] withinSlices(boolean[] seeds) {
        int nx = g.columns();
        int plane = width * g.rows();
        int here = way(0, 0) | way(0, 1) | way(0, 2);
        int[] out = new int[plane * g.slices()];
        int[] start = new int[plane];
        int[] rows = new int[plane];
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                int from = nx * (j + g.rows() * k);
                int to = j * width;
                for (int i = 0; i < nx; i++) {
                    start[to + i] = seeds[from + i] ? here : NONE;
                }
                Arrays.fill(start, to + nx, to + width, NONE);
            }
            System.arraycopy(start, 0, rows, 0, plane);
            for (int d = 1; d <= window[0]; d++) {
                nearer(rows, start, 0, d, step(d, 0));
                nearer(rows, start, 0, -d, step(-d, 0));
            }
            for (int o = nx; o < plane; o += width) {
                Arrays.fill(rows, o, o + window[0], NONE);
            }
            System.arraycopy(rows, 0, start, 0, plane);
            for (int d = 1; d <= window[1]; d++) {
                nearer(start, rows, 0, d * width, step(d, 1));
                nearer(start, rows, 0, -d * width, step(-d, 1));
            }
            System.arraycopy(start, 0, out, k * plane, plane);
        }
        return out;
    }

    /** Takes the least over the slices and leaves the empty ends of rows out. */
    private void acrossSlices(int[] within) {
        int nx = g.columns();
        int plane = width * g.rows();
        int[] slice = new int[plane];
        for (int k = 0; k < g.slices(); k++) {
            System.arraycopy(within, k * plane, slice, 0, plane);
            int last = Math.min(window[2], g.slices() - 1 - k);
            for (int d = -Math.min(window[2], k); d <= last; d++) {
                nearer(slice, within, (k + d) * plane, 0, step(d, 2));
            }
            for (int j = 0; j < g.rows(); j++) {
                System.arraycopy(slice, j * width, state, nx * (j + g.rows() * k), nx);
            }
        }
    }

    /** What a step of so many voxels along an axis adds to a state. */
    private int step(int d, int axis) {
        double spacing = g.spacingMm(axis);
        double unit = reachMm * reachMm / UNITS;
        int squared = (int) Math.round(d * d * spacing * spacing / unit);
        return (squared << (3 * WAY_BITS)) + (way(d, axis) - way(0, axis));
    }

    /** Takes what lies a shift away in a slice of another array where that is nearer. */
    private void nearer(int[] out, int[] in, int inStart, int shift, int add) {
        int n = out.length - Math.abs(shift);
        if (n <= 0) {
            return;
        }
        // Only a loop over the same places of both arrays becomes vector instructions.
        System.arraycopy(in, inStart + Math.max(0, shift), moved, Math.max(0, -shift), n);
        Arrays.fill(moved, 0, Math.max(0, -shift), NONE);
        Arrays.fill(moved, out.length - Math.max(0, shift), out.length, NONE);
        nearer(out, moved, add);
    }

    private static void nearer(int[] out, int[] in, int add) {
        for (int o = 0; o < out.length; o++) {
            out[o] = Math.min(out[o], in[o] + add);
        }
    }
}
