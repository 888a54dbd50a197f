package org.negvol.measure;

import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

import java.util.OptionalDouble;

/**
 * Which way the long axis of a condyle runs in the axial plane: the principal axis of the second
 * moments of the solid above the level of its centre.
 *
 * <p>Moments see the whole head, so that an osteophyte or an erosion turns the axis little, where
 * the two outermost points would follow every bump.
 */
final class LongAxis {

    /** Below this ratio of the two extents a head is round and has no long axis. */
    private static final double LEAST_ELONGATION = 1.08;

    /** Points (barycentric) and weights of a rule exact for polynomials of degree 3. */
    private static final double[][] RULE = {
        {1.0 / 3, 1.0 / 3, 1.0 / 3, -27.0 / 48},
        {0.6, 0.2, 0.2, 25.0 / 48},
        {0.2, 0.6, 0.2, 25.0 / 48},
        {0.2, 0.2, 0.6, 25.0 / 48}
    };

    private final Vec3 centre;
    private final Vec3 ex;
    private final Vec3 ey;
    private final Vec3 ez;

    /** Volume, its first and its second moments: 1, x, y, xx, xy, yy. */
    private final double[] moments = new double[6];

    private LongAxis(Vec3 centre, Vec3 ex, Vec3 ey, Vec3 ez) {
        this.centre = centre;
        this.ex = ex;
        this.ey = ey;
        this.ez = ez;
    }

    /**
     * Angle in radians (−π/2 to π/2) from {@code ex} towards {@code ey}; empty for a round head or
     * no head.
     *
     * @param centre the solid above the plane through it across {@code ez} counts
     */
    static OptionalDouble of(TriangleMesh mesh, Vec3 centre, Vec3 ex, Vec3 ey, Vec3 ez) {
        LongAxis axis = new LongAxis(centre, ex, ey, ez);
        for (int t = 0; t < mesh.triangleCount(); t++) {
            axis.addClipped(
                    axis.local(mesh.vertex(mesh.triangles()[3 * t])),
                    axis.local(mesh.vertex(mesh.triangles()[3 * t + 1])),
                    axis.local(mesh.vertex(mesh.triangles()[3 * t + 2])));
        }
        return axis.angle();
    }

    private Vec3 local(Vec3 p) {
        Vec3 d = p.minus(centre);
        return new Vec3(d.dot(ex), d.dot(ey), d.dot(ez));
    }

    private OptionalDouble angle() {
        // Negative throughout where ex, ey, ez are left-handed; the quotients do not mind.
        double v = moments[0];
        if (!(Math.abs(v) > 1)) {
            return OptionalDouble.empty();
        }
        double mx = moments[1] / v;
        double my = moments[2] / v;
        double xx = moments[3] / v - mx * mx;
        double xy = moments[4] / v - mx * my;
        double yy = moments[5] / v - my * my;
        double half = (xx + yy) / 2;
        double d = Math.hypot((xx - yy) / 2, xy);
        if (!(half + d > LEAST_ELONGATION * LEAST_ELONGATION * (half - d)) || !(half - d > 0)) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(0.5 * Math.atan2(2 * xy, xx - yy));
    }

    /** Adds the part of a triangle that lies above the plane. */
    private void addClipped(Vec3 a, Vec3 b, Vec3 c) {
        int above = (a.z() > 0 ? 1 : 0) + (b.z() > 0 ? 1 : 0) + (c.z() > 0 ? 1 : 0);
        if (above == 0) {
            return;
        }
        if (above == 3) {
            add(a, b, c);
            return;
        }
        // Turned so that a is the corner alone on its side; the order, so the orientation, stays.
        boolean lone = above == 1;
        Vec3 p = a;
        Vec3 q = b;
        Vec3 r = c;
        while (p.z() > 0 != lone) {
            Vec3 s = p;
            p = q;
            q = r;
            r = s;
        }
        Vec3 pq = cut(p, q);
        Vec3 pr = cut(p, r);
        if (lone) {
            add(p, pq, pr);
        } else {
            add(pq, q, r);
            add(pq, r, pr);
        }
    }

    private static Vec3 cut(Vec3 a, Vec3 b) {
        double t = a.z() / (a.z() - b.z());
        return a.plus(b.minus(a).times(t));
    }

    /** The column of solid between the plane and a triangle, signed by its orientation. */
    private void add(Vec3 a, Vec3 b, Vec3 c) {
        double area = ((b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x())) / 2;
        for (double[] r : RULE) {
            double x = r[0] * a.x() + r[1] * b.x() + r[2] * c.x();
            double y = r[0] * a.y() + r[1] * b.y() + r[2] * c.y();
            double z = r[0] * a.z() + r[1] * b.z() + r[2] * c.z();
            double w = r[3] * area * z;
            moments[0] += w;
            moments[1] += w * x;
            moments[2] += w * y;
            moments[3] += w * x * x;
            moments[4] += w * x * y;
            moments[5] += w * y * y;
        }
    }
}
