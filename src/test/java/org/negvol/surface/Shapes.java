package org.negvol.surface;

import java.util.SplittableRandom;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** Shapes with known answers, as fields on any grid. */
final class Shapes {

    /** A field in patient space: negative inside, a distance in mm near its zero set. */
    @FunctionalInterface
    interface Field {
        double at(Vec3 p);

        default Field minus(Field other) {
            return p -> Math.max(at(p), -other.at(p));
        }

        default Field and(Field other) {
            return p -> Math.max(at(p), other.at(p));
        }

        default Field or(Field other) {
            return p -> Math.min(at(p), other.at(p));
        }

        default Field movedBy(Affine motion) {
            Affine back = motion.inverse();
            return p -> at(back.apply(p));
        }
    }

    private Shapes() {}

    static Field ball(Vec3 centre, double radius) {
        return p -> p.distanceTo(centre) - radius;
    }

    /** Distance of first order; exact on the surface. */
    static Field ellipsoid(Vec3 c, double a, double b, double d) {
        return p -> {
            double x = (p.x() - c.x()) / a;
            double y = (p.y() - c.y()) / b;
            double z = (p.z() - c.z()) / d;
            double k0 = Math.sqrt(x * x + y * y + z * z);
            double k1 = Math.sqrt(x * x / a / a + y * y / b / b + z * z / d / d);
            return k1 < 1e-12 ? -Math.min(a, Math.min(b, d)) : k0 * (k0 - 1) / k1;
        };
    }

    static Field below(double z) {
        return p -> p.z() - z;
    }

    static Field above(double z) {
        return p -> z - p.z();
    }

    /** A cylinder along z without ends. */
    static Field rod(Vec3 c, double radius) {
        return p -> Math.hypot(p.x() - c.x(), p.y() - c.y()) - radius;
    }

    static ScalarVolume on(VolumeGeometry g, Field f) {
        float[] v = new float[Math.toIntExact(g.voxelCount())];
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++) {
                    v[g.index(i, j, k)] = (float) f.at(g.toPatient(i, j, k));
                }
            }
        }
        return new ScalarVolume(g, v);
    }

    static VolumeGeometry grid(double extentMm, double spacingMm, Vec3 centre) {
        int n = (int) Math.ceil(extentMm / spacingMm) + 1;
        double half = (n - 1) * spacingMm / 2;
        return VolumeGeometry.axisAligned(
                n, n, n, spacingMm, centre.minus(new Vec3(half, half, half)));
    }

    /** Rotations about z, y, x in degrees, then a shift. */
    static Affine motion(double rz, double ry, double rx, Vec3 shift) {
        Affine x = turn(1, 2, rx);
        Affine y = turn(2, 0, ry);
        Affine z = turn(0, 1, rz);
        Affine t = Affine.of(1, 0, 0, shift.x(), 0, 1, 0, shift.y(), 0, 0, 1, shift.z());
        return t.after(x.after(y.after(z)));
    }

    private static Affine turn(int a, int b, double degrees) {
        double[] m = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
        double c = Math.cos(Math.toRadians(degrees));
        double s = Math.sin(Math.toRadians(degrees));
        m[4 * a + a] = c;
        m[4 * b + b] = c;
        m[4 * a + b] = -s;
        m[4 * b + a] = s;
        return Affine.of(m);
    }

    static Affine randomMotion(SplittableRandom r, double degrees, double mm) {
        return motion(
                r.nextDouble(-degrees, degrees),
                r.nextDouble(-degrees, degrees),
                r.nextDouble(-degrees, degrees),
                new Vec3(r.nextDouble(-mm, mm), r.nextDouble(-mm, mm), r.nextDouble(-mm, mm)));
    }
}
