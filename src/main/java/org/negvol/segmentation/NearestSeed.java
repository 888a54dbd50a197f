package org.negvol.segmentation;

import java.util.Arrays;
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

    private NearestSeed(int voxels) {
        squaredMm2 = new float[voxels];
        seed = new int[voxels];
    }

    static NearestSeed of(VolumeGeometry g, boolean[] seeds) {
        NearestSeed r = new NearestSeed(seeds.length);
        for (int i = 0; i < seeds.length; i++) {
            r.squaredMm2[i] = seeds[i] ? 0 : Float.POSITIVE_INFINITY;
            r.seed[i] = seeds[i] ? i : -1;
        }
        int nx = g.columns();
        int ny = g.rows();
        int nz = g.slices();
        Line line = new Line(Math.max(nx, Math.max(ny, nz)));
        for (int o = 0; o < seeds.length; o += nx) {
            r.pass(line, o, 1, nx, g.spacingMm(0));
        }
        for (int k = 0; k < nz; k++) {
            for (int i = 0; i < nx; i++) {
                r.pass(line, g.index(i, 0, k), nx, ny, g.spacingMm(1));
            }
        }
        for (int o = 0; o < nx * ny; o++) {
            r.pass(line, o, nx * ny, nz, g.spacingMm(2));
        }
        return r;
    }

    private void pass(Line l, int from, int stride, int n, double spacing) {
        float w = (float) (spacing * spacing);
        int top = -1;
        for (int q = 0, o = from; q < n; q++, o += stride) {
            float f = squaredMm2[o];
            l.value[q] = f;
            l.seed[q] = seed[o];
            if (f == Float.POSITIVE_INFINITY) {
                continue;
            }
            float start = Float.NEGATIVE_INFINITY;
            while (top >= 0) {
                int v = l.vertex[top];
                start = ((f - l.value[v]) / w + (float) (q * q - v * v)) / (2 * (q - v));
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
            squaredMm2[o] = l.value[v] + w * (q - v) * (q - v);
            seed[o] = l.seed[v];
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
            Arrays.fill(start, Float.NEGATIVE_INFINITY);
        }
    }
}
