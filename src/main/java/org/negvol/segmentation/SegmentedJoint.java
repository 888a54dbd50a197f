package org.negvol.segmentation;

import java.util.Optional;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * One joint after segmentation: which bone each voxel belongs to and where the bones' surfaces lie.
 *
 * @param side patient's side
 * @param hu the VOI, resampled to the model's grid (LPS-aligned, 0.4 mm)
 * @param owner label of each voxel: {@link #BACKGROUND}, {@link #CONDYLE} or {@link #TEMPORAL_BONE}
 * @param condyleMm implicit surface of the mandibular condyle: approximate signed distance in mm,
 *     negative inside, zero on the sub-voxel bone surface; exact within two voxels of it and no
 *     larger than 2.5 mm
 * @param temporalMm the same of the temporal bone
 * @param confidence mean probability of the winning class over the voxels of either bone, 0 to 1
 * @param clearShare share (0 to 1) of the border where the CT itself showed the surface
 */
@SuppressWarnings("ArrayRecordComponent")
public record SegmentedJoint(
        Side side,
        ScalarVolume hu,
        byte[] owner,
        ScalarVolume condyleMm,
        ScalarVolume temporalMm,
        double confidence,
        double clearShare)
        implements JointSegmentation {

    public static final byte BACKGROUND = 0;
    public static final byte CONDYLE = 1;
    public static final byte TEMPORAL_BONE = 2;

    /**
     * The centre of the condyle's head, LPS mm: in the middle across, where it is widest; empty
     * where no condyle is left.
     */
    public Optional<Vec3> condyleCentreMm() {
        VolumeGeometry g = hu.geometry();
        Vec3 middle =
                g.toPatient((g.columns() - 1) / 2.0, (g.rows() - 1) / 2.0, (g.slices() - 1) / 2.0);
        return Optional.ofNullable(CondyleCentre.of(g, owner, middle));
    }
}
