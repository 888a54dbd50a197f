package org.negvol.segmentation;

import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/**
 * From owner map to sub-voxel bone surfaces: the network says which bone, the CT says where its
 * surface is.
 *
 * <p>From every voxel near the owner's border a ray runs along the border's normal. The distance
 * along it to the surface that the CT shows ({@link SurfaceRay}) is the implicit field. Where it
 * shows none, or only inside the other bone, the network's probability of 0.5 decides.
 */
public final class BoneSurfaces {

    /** How far, in mm, the surface may lie from the owner's border: three to four voxels. */
    static final double BAND_MM = 1.5;

    /** Distances of more mm are given as this: nobody asks for them. */
    static final float MOST_MM = 2.5f;

    /** The distance to a bone that is not there, mm. */
    static final float FAR_MM = 1000;

    private BoneSurfaces() {}

    /**
     * @param hu the VOI in HU on a grid with orthogonal axes
     * @param owner label of each voxel, as in {@link SegmentedJoint}
     * @param pCondyle the network's probability of mandible at each voxel, 0 to 1
     * @param pTemporal the same of temporal bone
     * @return the cleaned owner map and both fields; of the fields, at most one is negative at any
     *     point of space, also between voxels. Distances beyond {@link #MOST_MM} are given as that;
     *     a bone that has no voxel is {@link #FAR_MM} away.
     */
    public static SegmentedJoint refine(
            ScalarVolume hu, byte[] owner, float[] pCondyle, float[] pTemporal, Side side) {
        int n = hu.values().length;
        if (owner.length != n || pCondyle.length != n || pTemporal.length != n) {
            throw new IllegalArgumentException(
                    "a VOI of %d voxels needs as many owners and probabilities, got %d, %d, %d"
                            .formatted(n, owner.length, pCondyle.length, pTemporal.length));
        }
        return refineCleaned(hu, OwnerMap.clean(hu, owner), pCondyle, pTemporal, side);
    }

    /**
     * The same of an owner map that {@link OwnerMap#clean} has been over.
     *
     * @param cleaned is overwritten with the owner map of the refined surfaces
     */
    static SegmentedJoint refineCleaned(
            ScalarVolume hu, byte[] cleaned, float[] pCondyle, float[] pTemporal, Side side) {
        int n = cleaned.length;
        VolumeGeometry g = hu.geometry();
        SurfaceRay ray = new SurfaceRay(hu, cleaned);
        BoneField.Result condyleField =
                BoneField.of(SegmentedJoint.CONDYLE, g, cleaned, pCondyle, ray);
        BoneField.Result temporalField =
                BoneField.of(SegmentedJoint.TEMPORAL_BONE, g, cleaned, pTemporal, ray);
        float[] condyle = condyleField.values();
        float[] temporal = temporalField.values();
        long border = condyleField.border() + temporalField.border();
        long clear = condyleField.clear() + temporalField.clear();
        double won = 0;
        long bone = 0;
        for (int i = 0; i < n; i++) {
            separate(condyle, temporal, i, pTemporal[i] - pCondyle[i]);
            if (condyle[i] < 0) {
                cleaned[i] = SegmentedJoint.CONDYLE;
            } else if (temporal[i] < 0) {
                cleaned[i] = SegmentedJoint.TEMPORAL_BONE;
            } else {
                cleaned[i] = SegmentedJoint.BACKGROUND;
                continue;
            }
            won += Math.max(1 - pCondyle[i] - pTemporal[i], Math.max(pCondyle[i], pTemporal[i]));
            bone++;
        }
        return new SegmentedJoint(
                side,
                hu,
                cleaned,
                new ScalarVolume(g, condyle),
                new ScalarVolume(g, temporal),
                bone == 0 ? 0 : won / bone,
                border == 0 ? 0 : (double) clear / border);
    }

    /**
     * Makes the sum of both fields nowhere negative: then no interpolation of them is negative in
     * both. Where the bones overlap the probability moves the wall between them, by half a voxel.
     */
    private static void separate(float[] condyle, float[] temporal, int i, float towardsTemporal) {
        float c = condyle[i];
        float t = temporal[i];
        if (c + t < 0) {
            float wall = (c - t) / 2 + (c < 0 && t < 0 ? 0.2f * towardsTemporal : 0);
            condyle[i] = wall;
            temporal[i] = -wall;
        }
    }
}
