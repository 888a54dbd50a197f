package org.negvol.volume;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples a held block where one axis of the source runs along the target's rows and the two others
 * across them, as in axial, sagittal and coronal series and under gantry tilt: first along the
 * rows, then across them, so that a voxel costs 4 and 16 steps of vector loops instead of 64.
 */
final class RowSampler {

    /** By so much, in source voxels, an axis may slant over the whole target and still be taken. */
    private static final double LEAST_SLANT = 1e-3;

    /** The neighbours that the kernel reaches. */
    private static final int TAPS = 4;

    private final HeldBlock block;
    private final VolumeGeometry source;
    private final VolumeGeometry target;
    private final Affine toSource;
    private final boolean cubic;

    /** The two axes of the source that run across the target's rows. */
    private final int low;

    private final int high;

    /** For each column of the target the places and weights of its neighbours. */
    private final int[] place;

    private final float[] weight;

    /** Whether a column of the target lies within the source. */
    private final boolean[] in;

    /** Each row of the block, sampled at the target's columns. */
    private final float[] rows;

    private RowSampler(
            HeldBlock block,
            VolumeGeometry source,
            VolumeGeometry target,
            Affine toSource,
            boolean cubic,
            int along) {
        this.block = block;
        this.source = source;
        this.target = target;
        this.toSource = toSource;
        this.cubic = cubic;
        low = along == 0 ? 1 : 0;
        high = along == 2 ? 1 : 2;
        int n = target.columns();
        place = new int[TAPS * n];
        weight = new float[TAPS * n];
        in = new boolean[n];
        rows = new float[Math.multiplyExact(rowsOfSource(), n)];
        double[] w = new double[TAPS];
        int stride = stride(along);
        for (int i = 0; i < n; i++) {
            double x = toSource.get(along, 0) * i + toSource.get(along, 3);
            in[i] = HeldBlock.inside(x, source.size(along));
            int first = HeldBlock.weights(block.held(x, along), cubic, w);
            for (int a = 0; a < TAPS; a++) {
                int at = Math.clamp(first + a, 0, block.count()[along] - 1);
                place[TAPS * i + a] = at * stride;
                weight[TAPS * i + a] = (float) w[a];
            }
        }
    }

    /**
     * @return null where no axis of the source runs along the target's rows, or the rows would not
     *     fit an array
     */
    static @Nullable RowSampler of(
            HeldBlock block,
            VolumeGeometry source,
            VolumeGeometry target,
            Affine toSource,
            boolean cubic) {
        for (int axis = 0; axis < 3; axis++) {
            double slant = 0;
            for (int other = 1; other < 3; other++) {
                slant += Math.abs(toSource.get(axis, other)) * target.size(other);
                slant += Math.abs(toSource.get((axis + other) % 3, 0)) * target.columns();
            }
            int[] n = block.count();
            long floats = (long) n[0] * n[1] * n[2] / n[axis] * target.columns();
            if (slant <= LEAST_SLANT && floats <= Integer.MAX_VALUE - 8) {
                return new RowSampler(block, source, target, toSource, cubic, axis);
            }
        }
        return null;
    }

    private int stride(int axis) {
        int[] n = block.count();
        return axis == 0 ? 1 : axis == 1 ? n[0] : n[0] * n[1];
    }

    /** How many calls of {@link #alongRows} have to come before the first {@link #acrossRows}. */
    int planesOfSource() {
        return block.count()[high];
    }

    private int rowsOfSource() {
        return block.count()[low] * block.count()[high];
    }

    /** Samples the block's rows of one plane at the target's columns. */
    void alongRows(int plane) {
        short[] values = block.values();
        int n = target.columns();
        for (int r = 0; r < block.count()[low]; r++) {
            int from = plane * stride(high) + r * stride(low);
            int to = (plane * block.count()[low] + r) * n;
            for (int i = 0, t = 0; i < n; i++, t += TAPS) {
                rows[to + i] =
                        weight[t] * values[from + place[t]]
                                + weight[t + 1] * values[from + place[t + 1]]
                                + weight[t + 2] * values[from + place[t + 2]]
                                + weight[t + 3] * values[from + place[t + 3]];
            }
        }
    }

    /** Samples one plane of the target; called once all rows are sampled. */
    void acrossRows(int plane, float[] out) {
        int n = target.columns();
        double[] wl = new double[TAPS];
        double[] wh = new double[TAPS];
        float[] sum = new float[n];
        for (int j = 0; j < target.rows(); j++) {
            int o = target.index(0, j, plane);
            double l = across(low, j, plane);
            double h = across(high, j, plane);
            if (!HeldBlock.inside(l, source.size(low)) || !HeldBlock.inside(h, source.size(high))) {
                Arrays.fill(out, o, o + n, CtSeries.AIR_HU);
                continue;
            }
            int l0 = HeldBlock.weights(block.held(l, low), cubic, wl);
            int h0 = HeldBlock.weights(block.held(h, high), cubic, wh);
            Arrays.fill(sum, 0);
            for (int b = 0; b < TAPS; b++) {
                int hb = Math.clamp(h0 + b, 0, block.count()[high] - 1);
                for (int a = 0; a < TAPS; a++) {
                    float w = (float) (wh[b] * wl[a]);
                    if (w != 0) {
                        int la = Math.clamp(l0 + a, 0, block.count()[low] - 1);
                        add(w, (hb * block.count()[low] + la) * n, sum);
                    }
                }
            }
            for (int i = 0; i < n; i++) {
                out[o + i] = in[i] ? Math.max(CtSeries.AIR_HU, sum[i]) : CtSeries.AIR_HU;
            }
        }
    }

    private double across(int axis, int j, int k) {
        return toSource.get(axis, 1) * j + toSource.get(axis, 2) * k + toSource.get(axis, 3);
    }

    private void add(float w, int from, float[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += w * rows[from + i];
        }
    }
}
