package org.negvol.segmentation;

import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/** Where one joint is, or why it is not there to be measured. */
public sealed interface JointLocation {

    Side side();

    /**
     * A joint whose core lies inside the scan.
     *
     * @param side patient's side
     * @param centreMm centre of the condylar head, LPS mm
     * @param confidence mean probability of the bones that were found, 0 to 1
     */
    record Found(Side side, Vec3 centreMm, double confidence) implements JointLocation {
        public Found {
            if (!centreMm.isFinite() || !(confidence >= 0 && confidence <= 1)) {
                throw new IllegalArgumentException(
                        "a joint at %s with confidence %s".formatted(centreMm, confidence));
            }
        }
    }

    /**
     * No joint to measure on this side.
     *
     * @param side patient's side
     * @param why the reason
     * @param sentence the reason for a person, with what would help
     */
    record Missing(Side side, Why why, String sentence)
            implements JointLocation, JointSegmentation {}

    /** Why a joint is not measured. */
    enum Why {
        /** The scan shows no head. */
        NO_HEAD,
        /** The skull's joint surface is there, and no mandible on either side. */
        NO_MANDIBLE,
        /** Nothing in the scan looks like this joint. */
        JOINT_NOT_FOUND,
        /** The joint lies outside the scan, or part of it does. */
        CUT_BY_FIELD_OF_VIEW,
        /** Something looks like the joint, not clearly enough to measure it. */
        LOW_CONFIDENCE,
        /** Metal in the joint hides its bones. */
        METAL
    }
}
