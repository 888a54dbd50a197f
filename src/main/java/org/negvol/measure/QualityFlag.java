package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.volume.Side;

/**
 * Something about the scan or the result that a reader of the numbers must know.
 *
 * @param reason what it is
 * @param side the joint concerned, null for both
 * @param sentence one sentence for a clinician, with figures and units
 */
public record QualityFlag(Reason reason, @Nullable Side side, String sentence) {

    /** Why a number is doubtful or missing. */
    public enum Reason {
        JOINT_NOT_FOUND,
        JOINT_CUT_BY_FIELD_OF_VIEW,
        LOW_CONFIDENCE,
        COARSE_RESOLUTION,
        BONE_CONTACT,
        REACH_LIMIT,
        FIELD_OF_VIEW_SHORT_NECK,
        NO_HEAD,
        NOT_A_VOLUME,
        NO_MANDIBLE,
        OPEN_MOUTH,
        NOT_MEASURABLE
    }
}
