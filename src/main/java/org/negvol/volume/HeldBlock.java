package org.negvol.volume;

import java.io.IOException;

/**
 * The part of a series that a target needs, each of its voxels the mean of a block of source
 * voxels.
 *
 * @param factor how many source voxels a block has along each axis
 * @param first the first source voxel along each axis
 * @param count how many blocks there are along each axis
 * @param values HU of the blocks, columns fastest
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record HeldBlock(int[] factor, int[] first, int[] count, short[] values) {

    /** Reads the slices of a plane of blocks. */
    void fill(CtSeries series, int plane) throws IOException {
        int k0 = first[2] + plane * factor[2];
        int k1 = Math.min(k0 + factor[2], series.geometry().slices());
        int base = plane * count[0] * count[1];
        if (k1 - k0 == 1) {
            short[] means = means(series, k0);
            System.arraycopy(means, 0, values, base, means.length);
            return;
        }
        int[] sum = new int[count[0] * count[1]];
        for (int k = k0; k < k1; k++) {
            short[] means = means(series, k);
            for (int o = 0; o < sum.length; o++) {
                sum[o] += means[o];
            }
        }
        for (int o = 0; o < sum.length; o++) {
            values[base + o] = (short) Math.round((float) sum[o] / (k1 - k0));
        }
    }

    private short[] means(CtSeries series, int k) throws IOException {
        SliceHeader slice = series.stack().slices().get(k);
        int endColumn = Math.min(first[0] + count[0] * factor[0], slice.columns());
        int endRow = Math.min(first[1] + count[1] * factor[1], slice.rows());
        boolean whole =
                first[0] == 0
                        && first[1] == 0
                        && endColumn == slice.columns()
                        && endRow == slice.rows();
        return whole && factor[0] == factor[1] && factor[0] > 1
                ? series.reader().readMeans(slice, factor[0])
                : BlockMeans.read(
                        series.reader(),
                        slice,
                        first[0],
                        endColumn,
                        first[1],
                        endRow,
                        factor[0],
                        factor[1]);
    }

    /** Samples a plane of a target of any direction, voxel by voxel. */
    void sample(
            VolumeGeometry source,
            VolumeGeometry target,
            Affine t,
            int k,
            boolean cubic,
            float[] out) {
        double[] wx = new double[4];
        double[] wy = new double[4];
        double[] wz = new double[4];
        for (int j = 0; j < target.rows(); j++) {
            int o = target.index(0, j, k);
            for (int i = 0; i < target.columns(); i++, o++) {
                double x = t.get(0, 0) * i + t.get(0, 1) * j + t.get(0, 2) * k + t.get(0, 3);
                double y = t.get(1, 0) * i + t.get(1, 1) * j + t.get(1, 2) * k + t.get(1, 3);
                double z = t.get(2, 0) * i + t.get(2, 1) * j + t.get(2, 2) * k + t.get(2, 3);
                if (!inside(x, source.columns())
                        || !inside(y, source.rows())
                        || !inside(z, source.slices())) {
                    out[o] = CtSeries.AIR_HU;
                    continue;
                }
                int x0 = weights(held(x, 0), cubic, wx);
                int y0 = weights(held(y, 1), cubic, wy);
                int z0 = weights(held(z, 2), cubic, wz);
                out[o] = (float) Math.max(CtSeries.AIR_HU, sum(x0, y0, z0, wx, wy, wz));
            }
        }
    }

    static boolean inside(double index, int size) {
        return index >= -0.5 && index <= size - 0.5;
    }

    /** Source index → index of the held block; block centres lie between source voxels. */
    double held(double index, int axis) {
        double h = (index - first[axis] - (factor[axis] - 1) / 2.0) / factor[axis];
        return Math.clamp(h, 0.0, count[axis] - 1.0);
    }

    /** Fills the weights of four neighbours and returns the index of the first one. */
    static int weights(double h, boolean cubic, double[] w) {
        int c = (int) h;
        double f = h - c;
        if (cubic) {
            w[0] = f * (-0.5 + f * (1 - 0.5 * f));
            w[1] = 1 + f * f * (-2.5 + 1.5 * f);
            w[2] = f * (0.5 + f * (2 - 1.5 * f));
            w[3] = f * f * (-0.5 + 0.5 * f);
        } else {
            w[0] = 0;
            w[1] = 1 - f;
            w[2] = f;
            w[3] = 0;
        }
        return c - 1;
    }

    private double sum(int x0, int y0, int z0, double[] wx, double[] wy, double[] wz) {
        double s = 0;
        for (int c = 0; c < 4; c++) {
            if (wz[c] == 0) {
                continue;
            }
            int oz = Math.clamp(z0 + c, 0, count[2] - 1) * count[1];
            double sy = 0;
            for (int b = 0; b < 4; b++) {
                if (wy[b] == 0) {
                    continue;
                }
                int oy = (oz + Math.clamp(y0 + b, 0, count[1] - 1)) * count[0];
                double sx;
                if (x0 >= 0 && x0 + 3 < count[0]) {
                    int ox = oy + x0;
                    sx =
                            wx[0] * values[ox]
                                    + wx[1] * values[ox + 1]
                                    + wx[2] * values[ox + 2]
                                    + wx[3] * values[ox + 3];
                } else {
                    sx = 0;
                    for (int a = 0; a < 4; a++) {
                        sx += wx[a] * values[oy + Math.clamp(x0 + a, 0, count[0] - 1)];
                    }
                }
                sy += wy[b] * sx;
            }
            s += wz[c] * sy;
        }
        return s;
    }
}
