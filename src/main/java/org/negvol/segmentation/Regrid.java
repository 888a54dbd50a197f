package org.negvol.segmentation;

import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/** Moves values from one grid to another. */
final class Regrid {

    /** Voxel centres within this part of a voxel of each other are the same. */
    private static final double SAME = 1e-3;

    private Regrid() {}

    /**
     * Whether every voxel of one grid is a voxel of the other, which may run along other axes or
     * against them.
     */
    static boolean isPartOf(VolumeGeometry part, VolumeGeometry whole) {
        Affine m = whole.indexToPatient().inverse().after(part.indexToPatient());
        for (int row = 0; row < 3; row++) {
            double low = m.get(row, 3);
            double high = low;
            for (int c = 0; c < 4; c++) {
                double d = m.get(row, c);
                double reach = c == 3 ? 1 : Math.max(1, part.size(c) - 1);
                if (Math.abs(d - Math.rint(d)) * reach > SAME) {
                    return false;
                }
                if (c < 3) {
                    low += Math.min(0, d * (part.size(c) - 1));
                    high += Math.max(0, d * (part.size(c) - 1));
                }
            }
            if (low < -SAME || high > whole.size(row) - 1 + SAME) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param outside what voxels have that lie outside the source, by more than half a voxel
     */
    static float[] linear(VolumeGeometry from, float[] values, VolumeGeometry to, float outside) {
        Affine m = from.indexToPatient().inverse().after(to.indexToPatient());
        float[] out = new float[Math.toIntExact(to.voxelCount())];
        boolean exact = isPartOf(to, from);
        ScalarVolume source = new ScalarVolume(from, values);
        int o = 0;
        for (int k = 0; k < to.slices(); k++) {
            for (int j = 0; j < to.rows(); j++) {
                double x = m.get(0, 1) * j + m.get(0, 2) * k + m.get(0, 3);
                double y = m.get(1, 1) * j + m.get(1, 2) * k + m.get(1, 3);
                double z = m.get(2, 1) * j + m.get(2, 2) * k + m.get(2, 3);
                if (exact) {
                    int first =
                            from.index((int) Math.rint(x), (int) Math.rint(y), (int) Math.rint(z));
                    int step =
                            from.index(
                                    (int) Math.rint(m.get(0, 0)),
                                    (int) Math.rint(m.get(1, 0)),
                                    (int) Math.rint(m.get(2, 0)));
                    for (int i = 0; i < to.columns(); i++) {
                        out[o++] = values[first + i * step];
                    }
                    continue;
                }
                for (int i = 0; i < to.columns(); i++) {
                    double xi = x + m.get(0, 0) * i;
                    double yi = y + m.get(1, 0) * i;
                    double zi = z + m.get(2, 0) * i;
                    boolean in =
                            inside(xi, from.columns())
                                    && inside(yi, from.rows())
                                    && inside(zi, from.slices());
                    out[o++] = in ? (float) source.sampleIndex(xi, yi, zi) : outside;
                }
            }
        }
        return out;
    }

    private static boolean inside(double index, int size) {
        return index >= -0.5 && index <= size - 0.5;
    }
}
