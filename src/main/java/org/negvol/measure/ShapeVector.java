package org.negvol.measure;

/**
 * The joint space at 2,500 fixed anatomical directions, so that patients and visits can be compared
 * number by number; left and right joints in the same order.
 *
 * <p>The values form a {@value #SIDE} × {@value #SIDE} square: row 0 looks to the front, the last
 * row to the back; column 0 to the medial side, the last to the lateral. The square is mapped onto
 * the upper half of the condyle so that every value stands for the same solid angle of the
 * condyle's own proportions (definition: {@code src/main/doc/measures.md}).
 *
 * @param spaceMm row by row: distance in mm from the condyle's surface to the temporal bone; never
 *     NaN
 * @param facing whether the condyle faces bone there; where it does not, the value is the distance
 *     to the nearest bone
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, compared by identity
public record ShapeVector(float[] spaceMm, boolean[] facing) {

    /** Values along each side of the square. */
    public static final int SIDE = 50;

    public ShapeVector {
        if (spaceMm.length != SIDE * SIDE || facing.length != SIDE * SIDE) {
            throw new IllegalArgumentException(
                    "a shape vector has %d values, got %d and %d"
                            .formatted(SIDE * SIDE, spaceMm.length, facing.length));
        }
    }
}
