package org.negvol.surface;

import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * A field on a grid fine enough for its surface: axes with more than {@link #COARSEST_MM} between
 * voxels are halved by cubic interpolation.
 *
 * <p>The chords of a mesh with spacing h lie h²/(8 r) inside a surface of radius r; at 0.6 mm that
 * would be 1 % of a joint's volume. The field itself is smoother than that.
 */
final class FineField {

    /** Grids up to this spacing are taken as they are, mm: the VOI has 0.4. */
    static final double COARSEST_MM = 0.45;

    /** An axis is halved no more often than this: from 1.8 mm. */
    private static final int MOST_HALVINGS = 2;

    private FineField() {}

    /** The field itself if its grid is fine. Every voxel of it is a voxel of the result. */
    static ScalarVolume of(ScalarVolume field) {
        ScalarVolume fine = field;
        for (int axis = 0; axis < 3; axis++) {
            for (int n = 0; n < MOST_HALVINGS; n++) {
                VolumeGeometry g = fine.geometry();
                if (g.spacingMm(axis) <= COARSEST_MM
                        || g.size(axis) < 2
                        || 2 * g.voxelCount() > NegativeVolume.MOST_VOXELS) {
                    break;
                }
                fine = halved(fine, axis);
            }
        }
        return fine;
    }

    /** How many steps of the fine grid make one of the other along an axis. */
    static int steps(VolumeGeometry fine, VolumeGeometry coarse, int axis) {
        return coarse.size(axis) < 2 ? 1 : (fine.size(axis) - 1) / (coarse.size(axis) - 1);
    }

    /** The values of a fine field at the voxels of the grid it was made from. */
    static ScalarVolume at(VolumeGeometry coarse, ScalarVolume fine) {
        VolumeGeometry g = fine.geometry();
        if (g.equals(coarse)) {
            return fine;
        }
        int a = steps(g, coarse, 0);
        int b = steps(g, coarse, 1);
        int c = steps(g, coarse, 2);
        float[] out = new float[Math.toIntExact(coarse.voxelCount())];
        int o = 0;
        for (int k = 0; k < coarse.slices(); k++) {
            for (int j = 0; j < coarse.rows(); j++) {
                for (int i = 0; i < coarse.columns(); i++) {
                    out[o++] = fine.get(i * a, j * b, k * c);
                }
            }
        }
        return new ScalarVolume(coarse, out);
    }

    private static ScalarVolume halved(ScalarVolume field, int axis) {
        VolumeGeometry g = field.geometry();
        int[] size = {g.columns(), g.rows(), g.slices()};
        int n = size[axis];
        size[axis] = 2 * n - 1;
        Affine m = g.indexToPatient();
        Vec3[] step = {m.step(0), m.step(1), m.step(2)};
        step[axis] = step[axis].times(0.5);
        VolumeGeometry fine =
                new VolumeGeometry(
                        size[0],
                        size[1],
                        size[2],
                        Affine.ofColumns(step[0], step[1], step[2], m.origin()));
        float[] in = field.values();
        float[] out = new float[Math.toIntExact(fine.voxelCount())];
        int below = axis == 0 ? 1 : axis == 1 ? g.columns() : g.columns() * g.rows();
        int above = in.length / below / n;
        for (int block = 0; block < above; block++) {
            for (int at = 0; at < n; at++) {
                int from = (block * n + at) * below;
                int to = (block * size[axis] + 2 * at) * below;
                System.arraycopy(in, from, out, to, below);
                if (at == n - 1) {
                    continue;
                }
                int before = at > 0 ? from - below : from;
                int after = from + below;
                int beyond = at < n - 2 ? after + below : after;
                for (int o = 0; o < below; o++) {
                    out[to + below + o] =
                            between(in[before + o], in[from + o], in[after + o], in[beyond + o]);
                }
            }
        }
        return new ScalarVolume(fine, out);
    }

    /** Cubic midpoint; the mean where a neighbour is out of proportion, as at a kink. */
    private static float between(float a, float b, float c, float d) {
        float mean = (b + c) / 2;
        float bend = (b - a + c - d) / 16;
        return Math.abs(bend) <= Math.abs(c - b) / 2 + 0.05f ? mean + bend : mean;
    }
}
