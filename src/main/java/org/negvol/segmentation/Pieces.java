package org.negvol.segmentation;

import java.util.Arrays;
import org.negvol.volume.VolumeGeometry;

/**
 * Pieces connected over faces.
 *
 * @param label 0 outside the mask, else the piece's number plus one
 * @param touchesBorder whether a piece reaches the grid's border; within a slice, the slice's
 */
@SuppressWarnings("ArrayRecordComponent")
record Pieces(int[] label, int count, int[] size, boolean[] touchesBorder) {

    static Pieces of(VolumeGeometry g, boolean[] mask) {
        return of(g, mask, false);
    }

    /** The pieces of each slice by itself. */
    static Pieces withinSlices(VolumeGeometry g, boolean[] mask) {
        return of(g, mask, true);
    }

    private static Pieces of(VolumeGeometry g, boolean[] mask, boolean withinSlices) {
        int directions = withinSlices ? 4 : 6;
        int nx = g.columns();
        int ny = g.rows();
        int nz = g.slices();
        int[] label = new int[mask.length];
        int[] queue = new int[mask.length];
        int[] size = new int[16];
        boolean[] border = new boolean[16];
        int count = 0;
        for (int s = 0; s < mask.length; s++) {
            if (!mask[s] || label[s] != 0) {
                continue;
            }
            if (count == size.length) {
                size = Arrays.copyOf(size, 2 * count);
                border = Arrays.copyOf(border, 2 * count);
            }
            int head = 0;
            int tail = 0;
            int name = count + 1;
            label[s] = name;
            queue[tail++] = s;
            while (head < tail) {
                int o = queue[head++];
                int i = o % nx;
                int j = o / nx % ny;
                int k = o / (nx * ny);
                border[count] |=
                        i == 0
                                || j == 0
                                || i == nx - 1
                                || j == ny - 1
                                || (!withinSlices && (k == 0 || k == nz - 1));
                for (int d = 0; d < directions; d++) {
                    boolean in =
                            switch (d) {
                                case 0 -> i > 0;
                                case 1 -> i < nx - 1;
                                case 2 -> j > 0;
                                case 3 -> j < ny - 1;
                                case 4 -> k > 0;
                                default -> k < nz - 1;
                            };
                    if (in) {
                        int step = d < 2 ? 1 : d < 4 ? nx : nx * ny;
                        int n = (d & 1) == 0 ? o - step : o + step;
                        if (mask[n] && label[n] == 0) {
                            label[n] = name;
                            queue[tail++] = n;
                        }
                    }
                }
            }
            size[count++] = tail;
        }
        return new Pieces(label, count, size, border);
    }
}
