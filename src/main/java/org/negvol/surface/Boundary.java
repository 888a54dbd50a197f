package org.negvol.surface;

/** What ends the negative volume at a place of its surface. */
final class Boundary {

    /** The condyle's surface. */
    static final byte CONDYLE = 0;

    /** The inflated surface, stopped by its reach. */
    static final byte REACH = 1;

    /** The temporal bone's surface. */
    static final byte TEMPORAL_BONE = 2;

    /** The mouth of the fossa. */
    static final byte MOUTH = 3;

    /** The neck's cutting plane. */
    static final byte NECK = 4;

    /** The border of the VOI. */
    static final byte FIELD_OF_VIEW = 5;

    static final int COUNT = 6;

    private Boundary() {}
}
