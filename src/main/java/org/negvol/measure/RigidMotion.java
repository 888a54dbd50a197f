package org.negvol.measure;

import org.negvol.volume.Affine;
import org.negvol.volume.Vec3;

/** A rotation and a translation of space, {@code p ↦ R p + t}; immutable. */
final class RigidMotion {

    static final RigidMotion NONE =
            new RigidMotion(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1}, Vec3.ZERO);

    /** Row by row. */
    private final double[] r;

    private final Vec3 t;

    private RigidMotion(double[] r, Vec3 t) {
        this.r = r;
        this.t = t;
    }

    static RigidMotion translation(Vec3 t) {
        return new RigidMotion(NONE.r, t);
    }

    /** Takes one right-angled frame of unit vectors to another of the same handedness. */
    static RigidMotion ofFrames(Vec3[] from, Vec3 fromOrigin, Vec3[] to, Vec3 toOrigin) {
        double[] r = new double[9];
        for (int i = 0; i < 3; i++) {
            double[] a = {to[i].x(), to[i].y(), to[i].z()};
            double[] b = {from[i].x(), from[i].y(), from[i].z()};
            for (int row = 0; row < 3; row++) {
                for (int c = 0; c < 3; c++) {
                    r[3 * row + c] += a[row] * b[c];
                }
            }
        }
        RigidMotion turn = new RigidMotion(r, Vec3.ZERO);
        return new RigidMotion(r, toOrigin.minus(turn.apply(fromOrigin)));
    }

    Vec3 apply(Vec3 p) {
        return rotate(p).plus(t);
    }

    private Vec3 rotate(Vec3 p) {
        return new Vec3(
                r[0] * p.x() + r[1] * p.y() + r[2] * p.z(),
                r[3] * p.x() + r[4] * p.y() + r[5] * p.z(),
                r[6] * p.x() + r[7] * p.y() + r[8] * p.z());
    }

    RigidMotion inverse() {
        RigidMotion back =
                new RigidMotion(
                        new double[] {r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]},
                        Vec3.ZERO);
        return new RigidMotion(back.r, back.rotate(t).times(-1));
    }

    /** First this, then a small rotation (radians about x, y, z) about a centre and a shift. */
    RigidMotion thenSmall(Vec3 rotation, Vec3 centre, Vec3 shift) {
        double a = rotation.norm();
        if (a < 1e-15) {
            return new RigidMotion(r, t.plus(shift));
        }
        Vec3 u = rotation.times(1 / a);
        double c = Math.cos(a);
        double s = Math.sin(a);
        double d = 1 - c;
        double[] m = {
            c + u.x() * u.x() * d,
            u.x() * u.y() * d - u.z() * s,
            u.x() * u.z() * d + u.y() * s,
            u.y() * u.x() * d + u.z() * s,
            c + u.y() * u.y() * d,
            u.y() * u.z() * d - u.x() * s,
            u.z() * u.x() * d - u.y() * s,
            u.z() * u.y() * d + u.x() * s,
            c + u.z() * u.z() * d
        };
        double[] product = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                product[3 * i + j] =
                        m[3 * i] * r[j] + m[3 * i + 1] * r[3 + j] + m[3 * i + 2] * r[6 + j];
            }
        }
        Vec3 moved = new RigidMotion(m, Vec3.ZERO).rotate(t.minus(centre));
        return new RigidMotion(product, moved.plus(centre).plus(shift));
    }

    Affine affine() {
        return Affine.of(r[0], r[1], r[2], t.x(), r[3], r[4], r[5], t.y(), r[6], r[7], r[8], t.z());
    }
}
