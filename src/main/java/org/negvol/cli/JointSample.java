package org.negvol.cli;

import java.util.Arrays;
import org.negvol.phantom.HeadPhantom;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;

/**
 * What a segmentation hands over of one joint of a phantom: its image and the owner of each voxel.
 *
 * @param hu the VOI in HU
 * @param owner label of each voxel, as in {@link SegmentedJoint}
 * @param pCondyle probability of mandible of each voxel
 * @param pTemporal the same of temporal bone
 * @param centreMm centre of the condyle, LPS mm
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
record JointSample(
        Side side,
        ScalarVolume hu,
        byte[] owner,
        float[] pCondyle,
        float[] pTemporal,
        Vec3 centreMm) {

    /** A network is about so sure of a voxel. */
    private static final float SURE = 0.97f;

    /**
     * @param spacingMm of the VOI's voxels; the VOI has the size of {@link VoiGrid}
     * @param scale how much larger than it is the joint is taken to be
     */
    static JointSample of(HeadPhantom head, Side side, double spacingMm, double scale) {
        Vec3 centre = head.truth(side).centre();
        double step = spacingMm / scale;
        int[] size = new int[3];
        double[] extent = {VoiGrid.EXTENT_MM.x(), VoiGrid.EXTENT_MM.y(), VoiGrid.EXTENT_MM.z()};
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = (int) Math.round(extent[axis] / step);
        }
        Vec3 half = new Vec3(size[0] - 1, size[1] - 1, size[2] - 1).times(step / 2);
        VolumeGeometry grid =
                VolumeGeometry.axisAligned(size[0], size[1], size[2], step, centre.minus(half));
        int voxels = Math.toIntExact(grid.voxelCount());
        float[] values = new float[voxels];
        byte[] owner = new byte[voxels];
        float[] condyle = new float[voxels];
        float[] temporal = new float[voxels];
        Arrays.fill(condyle, (1 - SURE) / 2);
        Arrays.fill(temporal, (1 - SURE) / 2);
        int plane = grid.columns() * grid.rows();
        head.render(
                grid,
                1,
                (k, hu, labels) -> {
                    for (int i = 0; i < plane; i++) {
                        int o = k * plane + i;
                        values[o] = hu[i];
                        if (labels[i] == HeadPhantom.MANDIBLE) {
                            owner[o] = SegmentedJoint.CONDYLE;
                            condyle[o] = SURE;
                        } else if (labels[i] == HeadPhantom.SKULL) {
                            owner[o] = SegmentedJoint.TEMPORAL_BONE;
                            temporal[o] = SURE;
                        }
                    }
                });
        Affine m = grid.indexToPatient();
        VolumeGeometry taken =
                new VolumeGeometry(
                        grid.columns(),
                        grid.rows(),
                        grid.slices(),
                        Affine.ofColumns(
                                m.step(0).times(scale),
                                m.step(1).times(scale),
                                m.step(2).times(scale),
                                m.origin().times(scale)));
        return new JointSample(
                side,
                new ScalarVolume(taken, values),
                owner,
                condyle,
                temporal,
                centre.times(scale));
    }
}
