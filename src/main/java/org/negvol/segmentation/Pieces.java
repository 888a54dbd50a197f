package org.negvol.segmentation;

import java.util.Arrays;
import org.negvol.volume.VolumeGeometry;

/**
 * Pieces connected over faces, numbered in the order of their first voxels.
 *
 * @param label 0 outside the mask, else the piece's number plus one
 * @param touchesBorder whether a piece reaches the grid's border; within a slice, the slice's
 */
@SuppressWarnings("ArrayRecordComponent")
record Pieces(int[] label, int count, int[] size, boolean[] touchesBorder) {

    static Pieces of(VolumeGeometry g, boolean[] mask) {
        return new Runs(g, mask, false).pieces();
    }

    /** The pieces of each slice by itself. */
    static Pieces withinSlices(VolumeGeometry g, boolean[] mask) {
        return new Runs(g, mask, true).pieces();
    }

    /** Index of the largest piece, the first of such; 0 if there is none. */
    int largest() {
        int best = 0;
        for (int p = 1; p < count; p++) {
            best = size[p] > size[best] ? p : best;
        }
        return best;
    }

    /**
     * The mask as runs of voxels along rows, joined with the runs of the rows before them
     * (union-find): a voxel costs no more than being read and labelled.
     */
    private static final class Runs {

        private final VolumeGeometry g;
        private final boolean[] mask;
        private final boolean withinSlices;
        private int[] start = new int[1 << 12];
        private int[] end = new int[1 << 12];

        /** A run of the same piece that comes no later; itself for the first. */
        private int[] parent = new int[1 << 12];

        private int count;

        /** The first run of each row, and behind the last row the number of runs. */
        private final int[] firstOfRow;

        Runs(VolumeGeometry g, boolean[] mask, boolean withinSlices) {
            this.g = g;
            this.mask = mask;
            this.withinSlices = withinSlices;
            firstOfRow = new int[g.rows() * g.slices() + 1];
        }

        Pieces pieces() {
            for (int k = 0, row = 0; k < g.slices(); k++) {
                for (int j = 0; j < g.rows(); j++, row++) {
                    find(row);
                    if (j > 0) {
                        join(row, row - 1);
                    }
                    if (k > 0 && !withinSlices) {
                        join(row, row - g.rows());
                    }
                }
            }
            return labelled();
        }

        private void find(int row) {
            int o = row * g.columns();
            int last = o + g.columns();
            while (o < last) {
                if (!mask[o]) {
                    o++;
                    continue;
                }
                if (count == start.length) {
                    start = Arrays.copyOf(start, 2 * count);
                    end = Arrays.copyOf(end, 2 * count);
                    parent = Arrays.copyOf(parent, 2 * count);
                }
                start[count] = o;
                while (o < last && mask[o]) {
                    o++;
                }
                end[count] = o;
                parent[count] = count;
                count++;
            }
            firstOfRow[row + 1] = count;
        }

        /** Joins the runs of a row with those of another one that they touch. */
        private void join(int row, int other) {
            int shift = (row - other) * g.columns();
            int a = firstOfRow[row];
            int b = firstOfRow[other];
            while (a < firstOfRow[row + 1] && b < firstOfRow[other + 1]) {
                if (start[a] < end[b] + shift && start[b] + shift < end[a]) {
                    int p = root(a);
                    int q = root(b);
                    parent[Math.max(p, q)] = Math.min(p, q);
                }
                if (end[a] < end[b] + shift) {
                    a++;
                } else {
                    b++;
                }
            }
        }

        private int root(int run) {
            int r = run;
            while (parent[r] != r) {
                parent[r] = parent[parent[r]];
                r = parent[r];
            }
            return r;
        }

        private Pieces labelled() {
            int[] label = new int[mask.length];
            int[] piece = new int[count];
            int[] size = new int[count];
            boolean[] border = new boolean[count];
            int pieces = 0;
            int lastColumn = g.columns() - 1;
            for (int row = 0; row < g.rows() * g.slices(); row++) {
                int j = row % g.rows();
                int k = row / g.rows();
                boolean edge =
                        j == 0
                                || j == g.rows() - 1
                                || (!withinSlices && (k == 0 || k == g.slices() - 1));
                for (int r = firstOfRow[row]; r < firstOfRow[row + 1]; r++) {
                    int root = root(r);
                    piece[r] = root == r ? pieces++ : piece[root];
                    int p = piece[r];
                    size[p] += end[r] - start[r];
                    border[p] |=
                            edge
                                    || start[r] == row * g.columns()
                                    || end[r] - 1 == row * g.columns() + lastColumn;
                    Arrays.fill(label, start[r], end[r], p + 1);
                }
            }
            return new Pieces(
                    label, pieces, Arrays.copyOf(size, pieces), Arrays.copyOf(border, pieces));
        }
    }
}
