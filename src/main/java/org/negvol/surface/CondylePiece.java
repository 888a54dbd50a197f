package org.negvol.surface;

import java.util.Arrays;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/** The condyle's own voxels in the field of all mandible. */
final class CondylePiece {

    /** Marks of the condyle's voxels above the neck's cut and below it. */
    private static final byte ABOVE = 1;

    private static final byte BELOW = 2;

    private CondylePiece() {}

    /**
     * The mandible's field, made positive wherever the bone does not hang together with the
     * condyle's top above a plane. What stands above the neck's cut and hangs together with the
     * condyle only below it, as the coronoid process does, is not the condyle's.
     *
     * @param endMm depth of the plane below the condyle's top
     */
    static ScalarVolume field(ScalarVolume mandible, Condyle condyle, double endMm) {
        VolumeGeometry g = mandible.geometry();
        float[] f = mandible.values();
        byte[] own = new byte[f.length];
        int[] stack = new int[1024];
        int n = 0;
        Affine m = g.indexToPatient();
        double[] slope = new double[4];
        // Depth below the top as a linear function of the voxel's index.
        for (int q = 0; q < 3; q++) {
            slope[q] = -m.step(q).dot(condyle.axis());
        }
        slope[3] = condyle.depthMm(m.origin().x(), m.origin().y(), m.origin().z());
        int seed = seed(mandible, condyle);
        int[] size = {g.columns(), g.rows(), g.slices()};
        int[] stride = {1, g.columns(), g.columns() * g.rows()};
        if (seed >= 0) {
            own[seed] = ABOVE;
            stack[n++] = seed;
        }
        while (n > 0) {
            int o = stack[--n];
            for (int axis = 0; axis < 3; axis++) {
                int at = o / stride[axis] % size[axis];
                for (int sense = -1; sense <= 1; sense += 2) {
                    int next = o + sense * stride[axis];
                    if (at + sense < 0 || at + sense >= size[axis] || own[next] != 0) {
                        continue;
                    }
                    int i = next % stride[1];
                    int j = next / stride[1] % size[1];
                    int k = next / stride[2];
                    double depth = slope[0] * i + slope[1] * j + slope[2] * k + slope[3];
                    boolean climbs = own[o] == BELOW && depth < condyle.cutDepthMm();
                    if (f[next] < 0 && depth < endMm && !climbs) {
                        own[next] = depth < condyle.cutDepthMm() ? ABOVE : BELOW;
                        if (n == stack.length) {
                            stack = Arrays.copyOf(stack, 2 * n);
                        }
                        stack[n++] = next;
                    }
                }
            }
        }
        float[] out = new float[f.length];
        for (int o = 0; o < f.length; o++) {
            out[o] = own[o] != 0 ? f[o] : Math.abs(f[o]);
        }
        return new ScalarVolume(g, out);
    }

    /** The inside voxel nearest to a point a voxel below the top. */
    private static int seed(ScalarVolume mandible, Condyle condyle) {
        VolumeGeometry g = mandible.geometry();
        double h = Math.max(g.spacingMm(0), Math.max(g.spacingMm(1), g.spacingMm(2)));
        var at = g.toIndex(condyle.topMm().minus(condyle.axis().times(h)));
        int best = -1;
        double nearest = Double.POSITIVE_INFINITY;
        int reach = 3;
        for (int k = (int) at.z() - reach; k <= at.z() + reach; k++) {
            for (int j = (int) at.y() - reach; j <= at.y() + reach; j++) {
                for (int i = (int) at.x() - reach; i <= at.x() + reach; i++) {
                    if (i < 0
                            || j < 0
                            || k < 0
                            || i >= g.columns()
                            || j >= g.rows()
                            || k >= g.slices()
                            || !(mandible.get(i, j, k) < 0)) {
                        continue;
                    }
                    double d = Math.hypot(Math.hypot(i - at.x(), j - at.y()), k - at.z());
                    if (d < nearest) {
                        nearest = d;
                        best = g.index(i, j, k);
                    }
                }
            }
        }
        return best;
    }
}
