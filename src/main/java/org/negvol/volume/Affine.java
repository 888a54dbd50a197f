package org.negvol.volume;

import java.util.Arrays;

/**
 * An affine map of three-space, {@code p ↦ M p + t}; immutable.
 *
 * <p>As the geometry of a volume it takes a voxel index (i, j, k) to patient coordinates in mm
 * (PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1). Its columns need not be orthogonal: gantry tilt is a
 * shear.
 */
public final class Affine {

    /** Row-major 3×4: m00 m01 m02 tx, m10 … tz. */
    private final double[] m;

    private Affine(double[] m) {
        this.m = m;
    }

    /**
     * @param rowMajor3x4 twelve finite numbers, row by row, the translation in each row's last
     *     place
     */
    public static Affine of(double... rowMajor3x4) {
        if (rowMajor3x4.length != 12) {
            throw new IllegalArgumentException(
                    "an affine needs 12 numbers, got " + rowMajor3x4.length);
        }
        for (double d : rowMajor3x4) {
            if (!Double.isFinite(d)) {
                throw new IllegalArgumentException(
                        "an affine of finite numbers is needed, got "
                                + Arrays.toString(rowMajor3x4));
            }
        }
        return new Affine(rowMajor3x4.clone());
    }

    /**
     * The map whose columns are the steps along i, j, k and whose origin is the image of (0, 0, 0).
     */
    public static Affine ofColumns(Vec3 stepI, Vec3 stepJ, Vec3 stepK, Vec3 origin) {
        return of(
                stepI.x(),
                stepJ.x(),
                stepK.x(),
                origin.x(),
                stepI.y(),
                stepJ.y(),
                stepK.y(),
                origin.y(),
                stepI.z(),
                stepJ.z(),
                stepK.z(),
                origin.z());
    }

    public double get(int row, int column) {
        return m[row * 4 + column];
    }

    /** Column 0, 1 or 2: the step of one voxel along i, j or k. */
    public Vec3 step(int axis) {
        return new Vec3(m[axis], m[4 + axis], m[8 + axis]);
    }

    public Vec3 origin() {
        return new Vec3(m[3], m[7], m[11]);
    }

    public Vec3 apply(double x, double y, double z) {
        return new Vec3(
                m[0] * x + m[1] * y + m[2] * z + m[3],
                m[4] * x + m[5] * y + m[6] * z + m[7],
                m[8] * x + m[9] * y + m[10] * z + m[11]);
    }

    public Vec3 apply(Vec3 p) {
        return apply(p.x(), p.y(), p.z());
    }

    /** Applies the linear part alone, as to a direction. */
    public Vec3 applyToDirection(Vec3 d) {
        return apply(d).minus(origin());
    }

    public double determinant() {
        return m[0] * (m[5] * m[10] - m[6] * m[9])
                - m[1] * (m[4] * m[10] - m[6] * m[8])
                + m[2] * (m[4] * m[9] - m[5] * m[8]);
    }

    /** {@code this ∘ inner}: first {@code inner}, then this. */
    public Affine after(Affine inner) {
        double[] r = new double[12];
        for (int row = 0; row < 3; row++) {
            for (int c = 0; c < 4; c++) {
                double s = c == 3 ? m[row * 4 + 3] : 0;
                for (int k = 0; k < 3; k++) {
                    s += m[row * 4 + k] * inner.m[k * 4 + c];
                }
                r[row * 4 + c] = s;
            }
        }
        return new Affine(r);
    }

    /**
     * @throws ArithmeticException if the map is singular
     */
    public Affine inverse() {
        double det = determinant();
        if (!(Math.abs(det) > 1e-12)) {
            throw new ArithmeticException("the affine is singular (determinant " + det + ")");
        }
        double[] r = new double[12];
        r[0] = (m[5] * m[10] - m[6] * m[9]) / det;
        r[1] = (m[2] * m[9] - m[1] * m[10]) / det;
        r[2] = (m[1] * m[6] - m[2] * m[5]) / det;
        r[4] = (m[6] * m[8] - m[4] * m[10]) / det;
        r[5] = (m[0] * m[10] - m[2] * m[8]) / det;
        r[6] = (m[2] * m[4] - m[0] * m[6]) / det;
        r[8] = (m[4] * m[9] - m[5] * m[8]) / det;
        r[9] = (m[1] * m[8] - m[0] * m[9]) / det;
        r[10] = (m[0] * m[5] - m[1] * m[4]) / det;
        for (int row = 0; row < 3; row++) {
            r[row * 4 + 3] = -(r[row * 4] * m[3] + r[row * 4 + 1] * m[7] + r[row * 4 + 2] * m[11]);
        }
        return new Affine(r);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Affine a && Arrays.equals(m, a.m);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(m);
    }

    @Override
    public String toString() {
        return "Affine" + Arrays.toString(m);
    }
}
