package org.negvol.segmentation;

import org.negvol.volume.ScalarVolume;

/**
 * What the network says of a VOI, before the CT decides where the bones end; for pictures.
 *
 * @param hu the VOI in HU
 * @param owner the cleaned label of each voxel, as in {@link SegmentedJoint}
 * @param condyle probability of mandible, 0 to 1
 * @param temporal probability of skull, 0 to 1
 */
public record NetworkView(
        ScalarVolume hu, ScalarVolume owner, ScalarVolume condyle, ScalarVolume temporal) {}
