package org.negvol.surface;

import org.negvol.volume.Affine;
import org.negvol.volume.Vec3;

/**
 * How much of a surface each line of a lattice stands for that passes it.
 *
 * <p>Lines along a step e pass a piece dS of a surface {@code |n·e| dS / V} times, with its unit
 * normal n and the volume V of the lattice's cell. With the steps' dual vectors e* the terms {@code
 * (n·e)(e*·n)} of the three axes add up to n·n = 1: so a line that passes counts {@code V
 * sgn(n·e)(e*·n)}, and the sum over the lines of all axes is the surface's area, however thin what
 * it bounds may be. On a lattice with orthogonal steps that is the cell's face times |cos| of the
 * angle between line and normal.
 */
final class LineArea {

    /** Volume of the lattice's cell, mm³. */
    private final double cell;

    /** Products of the steps' dual vectors, 1/mm²: 00, 11, 22, 01, 12, 20. */
    private final double[] dual = new double[6];

    LineArea(Affine latticeToPatient) {
        Affine back = latticeToPatient.inverse();
        Vec3[] d = new Vec3[3];
        for (int q = 0; q < 3; q++) {
            d[q] = new Vec3(back.get(q, 0), back.get(q, 1), back.get(q, 2));
        }
        for (int q = 0; q < 3; q++) {
            dual[q] = d[q].dot(d[q]);
            dual[3 + q] = d[q].dot(d[(q + 1) % 3]);
        }
        cell = Math.abs(latticeToPatient.determinant());
    }

    /**
     * Area that a line along an axis stands for, mm².
     *
     * @param x the surface's normal times the first step of the lattice, of any length, like the
     *     others; for a triangle the cross product of its sides in lattice units
     */
    double mm2(int axis, double x, double y, double z) {
        double a = dual[0] * x + dual[3] * y + dual[5] * z;
        double b = dual[3] * x + dual[1] * y + dual[4] * z;
        double c = dual[5] * x + dual[4] * y + dual[2] * z;
        double squared = a * x + b * y + c * z;
        double along = axis == 0 ? a : axis == 1 ? b : c;
        double towards = axis == 0 ? x : axis == 1 ? y : z;
        return squared > 0 ? cell * Math.signum(towards) * along / Math.sqrt(squared) : 0;
    }
}
