package org.negvol.surface;

/** What comes of a joint: its surfaces, or why there are none. */
public sealed interface JointSurfaceResult {

    /**
     * The joint could be measured.
     *
     * @param surfaces its surfaces
     * @param toTemporalBone distances to {@link JointSurfaces#temporalBone}, for those who go on
     *     from here
     */
    record Computed(JointSurfaces surfaces, MeshDistance toTemporalBone)
            implements JointSurfaceResult {}

    /**
     * The joint could not be measured; no number is made up for it.
     *
     * @param reason the kind of obstacle
     * @param sentence one sentence for a clinician, with figures and units
     */
    record NotMeasurable(Reason reason, String sentence) implements JointSurfaceResult {}

    /** The kinds of obstacle. */
    enum Reason {
        /** No mandibular bone of a condyle's size lies at the joint's centre. */
        NO_CONDYLE,
        /** There is no temporal bone in the VOI. */
        NO_TEMPORAL_BONE,
        /** In no direction near the way from neck to fossa is the neck narrowest. */
        AXIS_NOT_FOUND,
        /** The condyle leaves the VOI or the scan above the neck's cutting plane. */
        CUT_BY_FIELD_OF_VIEW,
        /** The neck's cut was asked at a landmark that the VOI does not show. */
        CUT_NOT_FOUND,
        /** No temporal bone lies over the condyle within reach. */
        CONDYLE_OUTSIDE_FOSSA,
        /** Most of the condyle's surface lies inside the temporal bone. */
        BONES_OVERLAP,
        /** A field holds NaN. */
        NOT_A_FIELD,
        /** More voxels than a VOI ever has. */
        TOO_LARGE
    }
}
