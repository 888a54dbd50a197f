package org.negvol.report;

import org.negvol.measure.JointMeasures;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.surface.JointSurfaces;
import org.negvol.volume.Side;

/**
 * All that was found of one joint.
 *
 * @param side patient's side
 * @param segmented the bones in the VOI
 * @param surfaces the bones' surfaces and the negative volume
 * @param measures the numbers
 * @param meshes the surfaces as they are sent
 */
public record JointResult(
        Side side,
        SegmentedJoint segmented,
        JointSurfaces surfaces,
        JointMeasures measures,
        SentMeshes meshes) {

    public JointResult {
        if (segmented.side() != side || surfaces.side() != side || measures.side() != side) {
            throw new IllegalArgumentException(
                    "a result of the %s joint with a segmentation of the %s, surfaces of the %s and measures of the %s"
                            .formatted(side, segmented.side(), surfaces.side(), measures.side()));
        }
    }
}
