package org.negvol.segmentation;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.VolumeGeometry;

/** Which bone each voxel belongs to, freed of what a network leaves behind. */
final class OwnerMap {

    /** Pieces of temporal bone below this volume, in mm³, are noise: ossicles and less. */
    static final double SMALLEST_TEMPORAL_MM3 = 20;

    /** Holes above this volume, in mm³, are spaces of the skull rather than marrow. */
    static final double LARGEST_HOLE_MM3 = 2000;

    /** Holes of lower mean HU are air of the ear canal or the mastoid, and stay open. */
    static final double AIR_BELOW_HU = -200;

    private OwnerMap() {}

    /**
     * Keeps the largest piece of the condyle and the temporal bone's pieces above {@link
     * #SMALLEST_TEMPORAL_MM3}; fills marrow holes that a single bone mostly encloses.
     */
    static byte[] clean(ScalarVolume hu, byte[] owner) {
        VolumeGeometry g = hu.geometry();
        byte[] out = owner.clone();
        boolean[] condyle = is(out, SegmentedJoint.CONDYLE);
        boolean[] temporal = is(out, SegmentedJoint.TEMPORAL_BONE);
        keepLargest(g, condyle);
        dropSmall(g, temporal, SMALLEST_TEMPORAL_MM3);
        for (int i = 0; i < out.length; i++) {
            if (!condyle[i] && !temporal[i]) {
                out[i] = SegmentedJoint.BACKGROUND;
            }
        }
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
        return out;
    }

    static boolean[] is(byte[] owner, byte bone) {
        boolean[] mask = new boolean[owner.length];
        for (int i = 0; i < owner.length; i++) {
            mask[i] = owner[i] == bone;
        }
        return mask;
    }

    static void keepLargest(VolumeGeometry g, boolean[] mask) {
        Pieces pieces = Pieces.of(g, mask);
        int best = 0;
        for (int p = 1; p < pieces.count(); p++) {
            if (pieces.size()[p] > pieces.size()[best]) {
                best = p;
            }
        }
        for (int i = 0; i < mask.length; i++) {
            mask[i] = pieces.label()[i] == best + 1;
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
