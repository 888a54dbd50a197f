package org.negvol.measure;

/**
 * The fixed directions of a {@link ShapeVector}: the middles of a square's cells, taken to a disc
 * (Shirley, Chiu, "A low distortion map between disk and square", J. Graph. Tools 2(3), 1997) and
 * from there to the upper half of a ball (Lambert's azimuthal equal-area projection). Both maps
 * keep areas, so every cell has the same solid angle.
 */
final class AnatomicalDirections {

    private AnatomicalDirections() {}

    /** Lateral, posterior and upward component of the direction of a cell; a unit vector. */
    static double[] of(int row, int column) {
        double a = 2 * (column + 0.5) / ShapeVector.SIDE - 1;
        double b = 2 * (row + 0.5) / ShapeVector.SIDE - 1;
        double r;
        double phi;
        if (Math.abs(a) > Math.abs(b)) {
            r = a;
            phi = Math.PI / 4 * (b / a);
        } else {
            r = b;
            phi = Math.PI / 2 - (b == 0 ? 0 : Math.PI / 4 * (a / b));
        }
        double up = 1 - r * r;
        double horizontal = Math.sqrt(1 - up * up);
        double sign = r < 0 ? -1 : 1;
        return new double[] {
            sign * horizontal * Math.cos(phi), sign * horizontal * Math.sin(phi), up
        };
    }
}
