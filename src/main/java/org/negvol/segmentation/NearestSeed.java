package org.negvol.segmentation;

import org.negvol.volume.VolumeGeometry;

/**
 * The exact Euclidean distance of every voxel to the nearest seed voxel, and which seed that is.
 *
 * <p>Lower envelopes of parabolas, one axis after the other (Felzenszwalb and Huttenlocher, Theory
 * of Computing 8, 2012): linear in the number of voxels, for any spacing along orthogonal axes.
 */
final class NearestSeed {

    /** Squared distance in mm²; infinite if there is no seed. */
    final float[] squaredMm2;

    /** Array index of the nearest seed; -1 if there is none. */
    final int[] seed;

    private final float most;

    private NearestSeed(int voxels, float most) {
        this.most = most;
        squaredMm2 = new float[voxels];
        seed = new int[voxels];
    }

    static NearestSeed of(VolumeGeometry g, boolean[] seeds) {
        return within(g, seeds, Double.POSITIVE_INFINITY);
    }

    /**
     * The same for voxels with a seed within a reach; the others have none.
     *
     * @param reachMm the farthest a seed may be
     */
    static NearestSeed within(VolumeGeometry g, boolean[] seeds, double reachMm) {
        NearestSeed r = new NearestSeed(seeds.length, (float) (reachMm * reachMm));
        for (int i = 0; i < seeds.length; i++) {
            r.squaredMm2[i] = seeds[i] ? 0 : Float.POSITIVE_INFINITY;
            r.seed[i] = seeds[i] ? i : -1;
        }
        int nx = g.columns();
        int ny = g.rows();
        int nz = g.slices();
        Line line = new Line(Math.max(nx, Math.max(ny, nz)));
        for (int o = 0; o < seeds.length; o += nx) {
            r.pass(line, r.squaredMm2, r.seed, o, 1, nx, g.spacingMm(0));
        }
        for (int k = 0; k < nz; k++) {
            for (int i = 0; i < nx; i++) {
                r.pass(line, r.squaredMm2, r.seed, g.index(i, 0, k), nx, ny, g.spacingMm(1));
            }
        }
        // Lines along z jump a slice with each step: they are worked on row by row, in a copy.
        float[] squared = new float[nx * nz];
        int[] seed = new int[nx * nz];
        for (int j = 0; j < ny; j++) {
            for (int k = 0; k < nz; k++) {
                System.arraycopy(r.squaredMm2, g.index(0, j, k), squared, k * nx, nx);
                System.arraycopy(r.seed, g.index(0, j, k), seed, k * nx, nx);
            }
            for (int i = 0; i < nx; i++) {
                r.pass(line, squared, seed, i, nx, nz, g.spacingMm(2));
            }
            for (int k = 0; k < nz; k++) {
                System.arraycopy(squared, k * nx, r.squaredMm2, g.index(0, j, k), nx);
                System.arraycopy(seed, k * nx, r.seed, g.index(0, j, k), nx);
            }
        }
        return r;
    }

    private void pass(
            Line l, float[] squared, int[] seeds, int from, int stride, int n, double spacing) {
        float w = (float) (spacing * spacing);
        float perW = 1 / w;
        int top = -1;
        for (int q = 0, o = from; q < n; q++, o += stride) {
            float f = squared[o];
            if (f == Float.POSITIVE_INFINITY) {
                continue;
            }
            l.value[q] = f;
            l.seed[q] = seeds[o];
            float start = Float.NEGATIVE_INFINITY;
            while (top >= 0) {
                int v = l.vertex[top];
                start = ((f - l.value[v]) * perW + (float) (q * q - v * v)) / (2 * (q - v));
                if (start > l.start[top]) {
                    break;
                }
                top--;
                start = Float.NEGATIVE_INFINITY;
            }
            top++;
            l.vertex[top] = q;
            l.start[top] = start;
        }
        if (top < 0) {
            return;
        }
        int at = 0;
        for (int q = 0, o = from; q < n; q++, o += stride) {
            while (at < top && l.start[at + 1] < q) {
                at++;
            }
            int v = l.vertex[at];
            float d = l.value[v] + w * (q - v) * (q - v);
            if (d <= most) {
                squared[o] = d;
                seeds[o] = l.seed[v];
            }
        }
    }

    /** What one line needs, kept between lines. */
    private static final class Line {
        final float[] value;
        final int[] seed;
        final int[] vertex;
        final float[] start;

        Line(int n) {
            value = new float[n];
            seed = new int[n];
            vertex = new int[n];
            start = new float[n];
        }
    }
}
