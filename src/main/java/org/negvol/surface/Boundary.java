package org.negvol.surface;

/** What ends the negative volume at a place of its surface. */
enum Boundary {
    /** The condyle's surface. */
    CONDYLE,
    /** The inflated surface, stopped by its reach. */
    REACH,
    /** The temporal bone's surface. */
    TEMPORAL_BONE,
    /** The mouth of the fossa. */
    MOUTH,
    /** The neck's cutting plane. */
    NECK,
    /** The border of the VOI. */
    FIELD_OF_VIEW;

    private static final Boundary[] ALL = values();

    static Boundary of(byte ordinal) {
        return ALL[ordinal];
    }
}
