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
 * are plain loops over rows which the compiler turns into vector instructions.
 */
final class NearestSeed {

    /** Bits for the way along one axis: from -15 to 15 voxels. */
    private static final int WAY_BITS = 5;

    private static final int WAY_MASK = (1 << WAY_BITS) - 1;
    private static final int MOST_VOXELS = 15;

    /** The squared reach is so many units: of seeds as near as a unit either may be taken. */
    private static final int UNITS = 1 << 12;

    /** More than three times the squared reach can be, and far from overflow. */
    private static final int NONE = 1 << 30;

    /** Squared distance in mm²; infinite if there is no seed within reach. */
    final float[] squaredMm2;

    /** Array index of the nearest seed; -1 if there is none within reach. */
    final int[] seed;

    private NearestSeed(int voxels) {
        squaredMm2 = new float[voxels];
        seed = new int[voxels];
    }

    /**
     * @param g a grid with orthogonal axes
     * @param reachMm the farthest a seed may be, at most {@value #MOST_VOXELS} voxels
     */
    static NearestSeed within(VolumeGeometry g, boolean[] seeds, double reachMm) {
        double unit = reachMm * reachMm / UNITS;
        int[] state = new int[seeds.length];
        int here = way(0, 0) | way(0, 1) | way(0, 2);
        for (int o = 0; o < seeds.length; o++) {
            state[o] = seeds[o] ? here : NONE;
        }
        for (int axis = 0; axis < 3; axis++) {
            state = pass(g, axis, state, reachMm, unit);
        }
        return decoded(g, state, reachMm);
    }

    private static int way(int voxels, int axis) {
        return (voxels + MOST_VOXELS) << (WAY_BITS * axis);
    }

    /** Looks along one axis from every voxel as far as the reach goes. */
    private static int[] pass(
            VolumeGeometry g, int axis, int[] state, double reachMm, double unit) {
        double spacing = g.spacingMm(axis);
        int window = (int) (reachMm / spacing);
        if (window > MOST_VOXELS) {
            throw new IllegalArgumentException(
                    "voxels of %s mm are too small for a reach of %s mm"
                            .formatted(spacing, reachMm));
        }
        int nx = g.columns();
        int stride = axis == 0 ? 1 : axis == 1 ? nx : nx * g.rows();
        int n = g.size(axis);
        int[] out = state.clone();
        for (int d = -window; d <= window; d++) {
            if (d == 0) {
                continue;
            }
            int squared = (int) Math.round(d * d * spacing * spacing / unit);
            int add = (squared << (3 * WAY_BITS)) + (way(d, axis) - way(0, axis));
            for (int row = 0, o = 0; o < out.length; row++, o += nx) {
                int at = axis == 1 ? row % n : axis == 2 ? row / g.rows() : 0;
                if (axis == 0) {
                    nearer(out, o + Math.max(0, -d), o + nx - Math.max(0, d), state, d, add);
                } else if (at + d >= 0 && at + d < n) {
                    nearer(out, o, o + nx, state, d * stride, add);
                }
            }
        }
        return out;
    }

    private static void nearer(int[] out, int from, int to, int[] in, int shift, int add) {
        for (int o = from; o < to; o++) {
            out[o] = Math.min(out[o], in[o + shift] + add);
        }
    }

    private static NearestSeed decoded(VolumeGeometry g, int[] state, double reachMm) {
        NearestSeed r = new NearestSeed(state.length);
        Arrays.fill(r.squaredMm2, Float.POSITIVE_INFINITY);
        Arrays.fill(r.seed, -1);
        double x2 = g.spacingMm(0) * g.spacingMm(0);
        double y2 = g.spacingMm(1) * g.spacingMm(1);
        double z2 = g.spacingMm(2) * g.spacingMm(2);
        for (int o = 0; o < state.length; o++) {
            int s = state[o];
            if (s >= NONE) {
                continue;
            }
            int i = (s & WAY_MASK) - MOST_VOXELS;
            int j = ((s >> WAY_BITS) & WAY_MASK) - MOST_VOXELS;
            int k = ((s >> (2 * WAY_BITS)) & WAY_MASK) - MOST_VOXELS;
            double squared = i * i * x2 + j * j * y2 + k * k * z2;
            if (squared <= reachMm * reachMm) {
                r.squaredMm2[o] = (float) squared;
                r.seed[o] = o + i + g.columns() * (j + g.rows() * k);
            }
        }
        return r;
    }
}
