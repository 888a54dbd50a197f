package org.negvol.report;

import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/** Meshes of what is no bone: axes and planes in a scene. */
final class SimpleShapes {

    private static final int SIDES = 72;

    private SimpleShapes() {}

    /** A closed cylinder, outward-oriented; a short and wide one stands for a plane. */
    static TriangleMesh rod(Vec3 from, Vec3 to, double radiusMm) {
        Vec3 axis = to.minus(from).normalised();
        Vec3 other = Math.abs(axis.z()) < 0.9 ? new Vec3(0, 0, 1) : new Vec3(1, 0, 0);
        Vec3 u = axis.cross(other).normalised();
        Vec3 w = axis.cross(u);
        // Rims twice, so that the ends keep edges in the shading; then the middles of both ends.
        double[] p = new double[3 * (4 * SIDES + 2)];
        for (int i = 0; i < SIDES; i++) {
            double a = 2 * Math.PI * i / SIDES;
            Vec3 out = u.times(radiusMm * Math.cos(a)).plus(w.times(radiusMm * Math.sin(a)));
            put(p, i, from.plus(out));
            put(p, SIDES + i, to.plus(out));
            put(p, 2 * SIDES + i, from.plus(out));
            put(p, 3 * SIDES + i, to.plus(out));
        }
        int low = 4 * SIDES;
        put(p, low, from);
        put(p, low + 1, to);
        int[] c = new int[12 * SIDES];
        for (int i = 0; i < SIDES; i++) {
            int n = (i + 1) % SIDES;
            int[] t = {
                i,
                n,
                SIDES + n,
                i,
                SIDES + n,
                SIDES + i,
                2 * SIDES + n,
                2 * SIDES + i,
                low,
                3 * SIDES + i,
                3 * SIDES + n,
                low + 1
            };
            System.arraycopy(t, 0, c, 12 * i, 12);
        }
        return new TriangleMesh(p, c);
    }

    private static void put(double[] p, int v, Vec3 at) {
        p[3 * v] = at.x();
        p[3 * v + 1] = at.y();
        p[3 * v + 2] = at.z();
    }
}
