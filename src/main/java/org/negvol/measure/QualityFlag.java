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
        /** The negative volume or the fossa runs out of the field of view. */
        JOINT_CUT_BY_FIELD_OF_VIEW,
        LOW_CONFIDENCE,
        /** Metal in the joint hides its bones. */
        METAL,
        /** The scan's voxels are too large for the joint space seen. */
        COARSE_RESOLUTION,
        /** Condyle and temporal bone touch, or seem to. */
        BONE_CONTACT,
        /**
         * Too much of the negative volume ends at the method's reach and not at bone, or lies
         * behind a hole in the bone.
         */
        REACH_LIMIT,
        /** The field of view ends above the neck's cut. */
        FIELD_OF_VIEW_SHORT_NECK,
        NO_HEAD,
        NOT_A_VOLUME,
        NO_MANDIBLE,
        /** The condyle stands in front of the fossa's roof. */
        OPEN_MOUTH,
        /** One measure could not be taken; the sentence says which and why. */
        NOT_MEASURABLE
    }
}
