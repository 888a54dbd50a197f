package org.negvol.segmentation;

import java.util.Arrays;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/** Which bone each voxel belongs to, freed of what a network leaves behind. */
final class OwnerMap {

    /** Pieces of temporal bone below this volume, in mm³, are noise: ossicles and less. */
    static final double SMALLEST_TEMPORAL_MM3 = 20;

    /**
     * A piece of temporal bone that nowhere reads as much as this share of the largest piece's mean
     * is noise in soft tissue: such pieces reach 0.5 at most, and bits of thin wall 1.2 and more,
     * as seen in 7 phantoms.
     */
    static final double LEAST_SHARE_OF_LARGEST = 0.6;

    /** Holes above this volume, in mm³, are spaces of the skull rather than marrow. */
    static final double LARGEST_HOLE_MM3 = 2000;

    /** Pits of the condyle that are no wider than this, in mm, are the network's. */
    static final double PIT_MM = 3.2;

    /** So thick a layer of bone, in mm, may lie outside what the network calls condyle. */
    static final double GROW_MM = 1.2;

    /** Voxels without the other bone that a layer keeps along each axis. */
    private static final int AWAY_VOXELS = 5;

    /** … as long as the CT shows bone in them: this many HU, cancellous or thin. */
    static final double BONE_HU = 200;

    /**
     * Marrow that the condyle's neck encloses within an axial slice is at most this large, in mm²:
     * it may be open to the end of the scan, so that it is no hole in space.
     */
    static final double LARGEST_MARROW_MM2 = 150;

    /** Holes of lower mean HU are air of the ear canal or the mastoid, and stay open. */
    static final double AIR_BELOW_HU = -200;

    private OwnerMap() {}

    /**
     * Keeps the largest piece of the condyle and those of the temporal bone that are above {@link
     * #SMALLEST_TEMPORAL_MM3} and read like its largest one; fills marrow: what the condyle
     * encloses within an axial slice, and holes that a single bone mostly encloses.
     */
    static byte[] clean(ScalarVolume hu, byte[] owner) {
        VolumeGeometry g = hu.geometry();
        byte[] out = owner.clone();
        boolean[] condyle = is(out, SegmentedJoint.CONDYLE);
        boolean[] temporal = is(out, SegmentedJoint.TEMPORAL_BONE);
        keepLargest(g, condyle);
        dropSmall(g, temporal, SMALLEST_TEMPORAL_MM3);
        dropNoise(hu, temporal);
        for (int i = 0; i < out.length; i++) {
            if (!condyle[i] && !temporal[i]) {
                out[i] = SegmentedJoint.BACKGROUND;
            }
        }
        grow(hu, out);
        close(hu, out, is(out, SegmentedJoint.CONDYLE));
        fillNeck(hu, out);
        fillHoles(hu, out);
        return out;
    }

    /**
     * Gives the condyle the bony voxels of nobody beside it, layer by layer: thin cortex over
     * marrow that is as dark as what networks take for soft tissue. Next to the other bone the
     * network's word stands.
     */
    private static void grow(ScalarVolume hu, byte[] owner) {
        VolumeGeometry g = hu.geometry();
        int layers = (int) Math.round(GROW_MM / g.spacingMm(0));
        for (int layer = 0; layer < layers; layer++) {
            byte[] before = owner.clone();
            for (int k = 0, o = 0; k < g.slices(); k++) {
                for (int j = 0; j < g.rows(); j++) {
                    for (int i = 0; i < g.columns(); i++, o++) {
                        if (before[o] == SegmentedJoint.BACKGROUND
                                && hu.values()[o] >= BONE_HU
                                && has(g, before, i, j, k, 1, SegmentedJoint.CONDYLE)
                                && !has(
                                        g,
                                        before,
                                        i,
                                        j,
                                        k,
                                        AWAY_VOXELS,
                                        SegmentedJoint.TEMPORAL_BONE)) {
                            owner[o] = SegmentedJoint.CONDYLE;
                        }
                    }
                }
            }
        }
    }

    /** Whether a bone lies within so many voxels along any axis. */
    private static boolean has(
            VolumeGeometry g, byte[] owner, int i, int j, int k, int reach, byte bone) {
        int o = g.index(i, j, k);
        return has(owner, o, 1, i, g.columns(), reach, bone)
                || has(owner, o, g.columns(), j, g.rows(), reach, bone)
                || has(owner, o, g.columns() * g.rows(), k, g.slices(), reach, bone);
    }

    private static boolean has(
            byte[] owner, int o, int stride, int at, int n, int reach, byte bone) {
        int last = Math.min(reach, n - 1 - at);
        for (int d = -Math.min(reach, at); d <= last; d++) {
            if (owner[o + d * stride] == bone) {
                return true;
            }
        }
        return false;
    }

    /** Gives the condyle the bony voxels of nobody in its pits (morphological closing). */
    private static void close(ScalarVolume hu, byte[] owner, boolean[] condyle) {
        VolumeGeometry g = hu.geometry();
        int[] low = {g.columns(), g.rows(), g.slices()};
        int[] high = {-1, -1, -1};
        for (int o = 0; o < condyle.length; o++) {
            if (condyle[o]) {
                int[] at = {
                    o % g.columns(), o / g.columns() % g.rows(), o / (g.columns() * g.rows())
                };
                for (int axis = 0; axis < 3; axis++) {
                    low[axis] = Math.min(low[axis], at[axis]);
                    high[axis] = Math.max(high[axis], at[axis]);
                }
            }
        }
        if (high[0] < 0) {
            return;
        }
        // A closing adds nothing outside the bone's own box, if the box has room to grow in and a
        // layer beyond it from which to shrink again.
        int[] reach = new int[3];
        int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            reach[axis] = (int) Math.round(PIT_MM / 2 / g.spacingMm(axis));
            low[axis] -= reach[axis] + 1;
            size[axis] = high[axis] + reach[axis] + 2 - low[axis];
        }
        boolean[] mask = new boolean[size[0] * size[1] * size[2]];
        int[] whole = new int[mask.length];
        int at = 0;
        for (int k = low[2]; k < low[2] + size[2]; k++) {
            for (int j = low[1]; j < low[1] + size[1]; j++) {
                for (int i = low[0]; i < low[0] + size[0]; i++) {
                    int ci = Math.clamp(i, 0, g.columns() - 1);
                    int cj = Math.clamp(j, 0, g.rows() - 1);
                    int ck = Math.clamp(k, 0, g.slices() - 1);
                    whole[at] = g.index(ci, cj, ck);
                    // The bone goes on where the VOI ends.
                    mask[at] = condyle[whole[at]];
                    at++;
                }
            }
        }
        boolean[] closed = mask;
        for (int axis = 0; axis < 3; axis++) {
            closed = grown(closed, size, axis, reach[axis]);
        }
        closed = not(closed);
        for (int axis = 0; axis < 3; axis++) {
            closed = grown(closed, size, axis, reach[axis]);
        }
        for (int b = 0; b < mask.length; b++) {
            int o = whole[b];
            if (!closed[b] && owner[o] == SegmentedJoint.BACKGROUND && hu.values()[o] >= BONE_HU) {
                owner[o] = SegmentedJoint.CONDYLE;
            }
        }
    }

    /** All that is within so many voxels of a mask along an axis. */
    private static boolean[] grown(boolean[] mask, int[] size, int axis, int reach) {
        int n = size[axis];
        int stride = axis == 0 ? 1 : axis == 1 ? size[0] : size[0] * size[1];
        boolean[] out = new boolean[mask.length];
        for (int o = 0; o < mask.length; o++) {
            if (mask[o]) {
                int at = o / stride % n;
                int last = o + Math.min(reach, n - 1 - at) * stride;
                for (int q = o - Math.min(reach, at) * stride; q <= last; q += stride) {
                    out[q] = true;
                }
            }
        }
        return out;
    }

    /** Fills what the condyle alone encloses within an axial slice. */
    private static void fillNeck(ScalarVolume hu, byte[] owner) {
        VolumeGeometry g = hu.geometry();
        Pieces rest = Pieces.withinSlices(g, not(is(owner, SegmentedJoint.CONDYLE)));
        double most = LARGEST_MARROW_MM2 / (g.spacingMm(0) * g.spacingMm(1));
        boolean[] marrow = new boolean[rest.count()];
        double[] sum = new double[rest.count()];
        for (int p = 0; p < marrow.length; p++) {
            marrow[p] = !rest.touchesBorder()[p] && rest.size()[p] <= most;
        }
        for (int i = 0; i < owner.length; i++) {
            int piece = rest.label()[i] - 1;
            if (piece >= 0 && marrow[piece]) {
                sum[piece] += hu.values()[i];
                marrow[piece] &= owner[i] == SegmentedJoint.BACKGROUND;
            }
        }
        for (int i = 0; i < owner.length; i++) {
            int piece = rest.label()[i] - 1;
            if (piece >= 0 && marrow[piece] && sum[piece] / rest.size()[piece] >= AIR_BELOW_HU) {
                owner[i] = SegmentedJoint.CONDYLE;
            }
        }
    }

    private static void fillHoles(ScalarVolume hu, byte[] out) {
        VolumeGeometry g = hu.geometry();
        Pieces holes = Pieces.of(g, is(out, SegmentedJoint.BACKGROUND));
        double[] sum = new double[holes.count()];
        int[] towardsCondyle = new int[holes.count()];
        int[] towardsTemporal = new int[holes.count()];
        for (int i = 0; i < out.length; i++) {
            int piece = holes.label()[i] - 1;
            if (piece < 0 || holes.touchesBorder()[piece]) {
                continue;
            }
            sum[piece] += hu.values()[i];
            for (int step : new int[] {1, g.columns(), g.columns() * g.rows()}) {
                for (int n : new int[] {i - step, i + step}) {
                    if (out[n] == SegmentedJoint.CONDYLE) {
                        towardsCondyle[piece]++;
                    } else if (out[n] == SegmentedJoint.TEMPORAL_BONE) {
                        towardsTemporal[piece]++;
                    }
                }
            }
        }
        for (int i = 0; i < out.length; i++) {
            int piece = holes.label()[i] - 1;
            if (piece >= 0
                    && !holes.touchesBorder()[piece]
                    && holes.size()[piece] * g.voxelVolumeMm3() <= LARGEST_HOLE_MM3
                    && sum[piece] / holes.size()[piece] >= AIR_BELOW_HU) {
                out[i] =
                        towardsCondyle[piece] > towardsTemporal[piece]
                                ? SegmentedJoint.CONDYLE
                                : SegmentedJoint.TEMPORAL_BONE;
            }
        }
    }

    static boolean[] is(byte[] owner, byte bone) {
        boolean[] mask = new boolean[owner.length];
        for (int i = 0; i < owner.length; i++) {
            mask[i] = owner[i] == bone;
        }
        return mask;
    }

    private static boolean[] not(boolean[] mask) {
        boolean[] other = new boolean[mask.length];
        for (int i = 0; i < mask.length; i++) {
            other[i] = !mask[i];
        }
        return other;
    }

    /** Adds to a mask all that it encloses. */
    static void fillCavities(VolumeGeometry g, boolean[] mask) {
        Pieces rest = Pieces.of(g, not(mask));
        for (int i = 0; i < mask.length; i++) {
            int piece = rest.label()[i] - 1;
            mask[i] |= piece >= 0 && !rest.touchesBorder()[piece];
        }
    }

    static void keepLargest(VolumeGeometry g, boolean[] mask) {
        Pieces pieces = Pieces.of(g, mask);
        int best = pieces.largest();
        for (int i = 0; i < mask.length; i++) {
            mask[i] = pieces.label()[i] == best + 1;
        }
    }

    private static void dropNoise(ScalarVolume hu, boolean[] mask) {
        Pieces pieces = Pieces.of(hu.geometry(), mask);
        if (pieces.count() < 2) {
            return;
        }
        float[] highest = new float[pieces.count()];
        Arrays.fill(highest, Float.NEGATIVE_INFINITY);
        double[] sum = new double[pieces.count()];
        for (int i = 0; i < mask.length; i++) {
            int piece = pieces.label()[i] - 1;
            if (piece >= 0) {
                highest[piece] = Math.max(highest[piece], hu.values()[i]);
                sum[piece] += hu.values()[i];
            }
        }
        int largest = pieces.largest();
        double least = LEAST_SHARE_OF_LARGEST * sum[largest] / pieces.size()[largest];
        for (int i = 0; i < mask.length; i++) {
            mask[i] &= mask[i] && highest[pieces.label()[i] - 1] >= least;
        }
    }

    static void dropSmall(VolumeGeometry g, boolean[] mask, double leastMm3) {
        Pieces pieces = Pieces.of(g, mask);
        for (int i = 0; i < mask.length; i++) {
            mask[i] &=
                    mask[i]
                            && pieces.size()[pieces.label()[i] - 1] * g.voxelVolumeMm3()
                                    >= leastMm3;
        }
    }
}
