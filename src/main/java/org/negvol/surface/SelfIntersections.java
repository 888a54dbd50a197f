package org.negvol.surface;

import org.negvol.volume.Vec3;

/**
 * Pairs of triangles of one mesh that pass through each other.
 *
 * <p>Two triangles do if a side of one passes through the inside of the other (Möller, "A fast
 * triangle-triangle intersection test", J. Graphics Tools 2(2), 1997, states when that is enough);
 * touching within a rounding error does not count, nor does what shares a vertex, except where the
 * side opposite to that vertex passes through the other triangle. Triangles that share a side are
 * counted when they are folded flat onto each other.
 */
public final class SelfIntersections {

    /** Relative slack below which a side only touches. */
    private static final double TOUCH = 1e-9;

    private final TriangleMesh mesh;
    private final double[] weights = new double[3];

    SelfIntersections(TriangleMesh mesh) {
        this.mesh = mesh;
    }

    /** How many pairs of triangles intersect; expected time n log n for a sound mesh. */
    public static int count(TriangleMesh mesh) {
        if (mesh.triangleCount() < 2) {
            return 0;
        }
        SelfIntersections s = new SelfIntersections(mesh);
        return s.within(new TriangleTree(mesh), 0);
    }

    private int within(TriangleTree tree, int node) {
        if (!tree.isLeaf(node)) {
            return within(tree, 2 * node + 1)
                    + within(tree, 2 * node + 2)
                    + between(tree, 2 * node + 1, 2 * node + 2);
        }
        int found = 0;
        for (int i = tree.first(node); i < tree.end(node); i++) {
            for (int j = i + 1; j < tree.end(node); j++) {
                found += intersect(tree.order[i], tree.order[j]) ? 1 : 0;
            }
        }
        return found;
    }

    private int between(TriangleTree tree, int a, int b) {
        if (!tree.overlap(a, b)) {
            return 0;
        }
        int found = 0;
        if (tree.isLeaf(a)) {
            for (int i = tree.first(a); i < tree.end(a); i++) {
                for (int j = tree.first(b); j < tree.end(b); j++) {
                    found += intersect(tree.order[i], tree.order[j]) ? 1 : 0;
                }
            }
            return found;
        }
        // Both are inner nodes: all leaves lie on one level.
        for (int child = 1; child <= 2; child++) {
            found += between(tree, 2 * a + child, 2 * b + 1);
            found += between(tree, 2 * a + child, 2 * b + 2);
        }
        return found;
    }

    /** Whether two triangles of the mesh pass through each other. */
    boolean intersect(int s, int t) {
        if (!boxesOverlap(s, t)) {
            return false;
        }
        int[] c = mesh.triangles();
        int shared = 0;
        int atS = 0;
        int atT = 0;
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                if (c[3 * s + i] == c[3 * t + j]) {
                    shared++;
                    atS = i;
                    atT = j;
                }
            }
        }
        if (shared >= 2) {
            return shared == 3 || folded(s, t);
        }
        if (shared == 1) {
            return pierces(s, (atS + 1) % 3, t) || pierces(t, (atT + 1) % 3, s);
        }
        for (int i = 0; i < 3; i++) {
            if (pierces(s, i, t) || pierces(t, i, s)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the side from corner i of triangle s to the next one passes through triangle t. */
    private boolean pierces(int s, int i, int t) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        int a = 3 * c[3 * s + i];
        int b = 3 * c[3 * s + (i + 1) % 3];
        double w =
                RayTriangle.of(
                        mesh,
                        t,
                        p[a],
                        p[a + 1],
                        p[a + 2],
                        p[b] - p[a],
                        p[b + 1] - p[a + 1],
                        p[b + 2] - p[a + 2],
                        weights);
        return w > TOUCH
                && w < 1 - TOUCH
                && weights[0] > TOUCH
                && weights[1] > TOUCH
                && weights[2] > TOUCH
                && !inPlane(t, a, b);
    }

    /**
     * Whether a side lies in a triangle's plane but for rounding: where it would pass through is
     * rounding too then. The neck's cut and the mouth make many triangles of one plane.
     */
    private boolean inPlane(int t, int a, int b) {
        double[] p = mesh.xyzMm();
        int o = 3 * mesh.triangles()[3 * t];
        Vec3 n = mesh.twiceArea(t);
        double above =
                n.x() * (p[b] - p[a])
                        + n.y() * (p[b + 1] - p[a + 1])
                        + n.z() * (p[b + 2] - p[a + 2]);
        double size = 0;
        for (int q = 0; q < 3; q++) {
            size = Math.max(size, Math.abs(p[o + q]));
        }
        return Math.abs(above) <= 1e-13 * Math.max(1, size) * n.norm();
    }

    /** Whether two triangles with a common side lie on each other. */
    private boolean folded(int s, int t) {
        Vec3 n = mesh.twiceArea(s);
        Vec3 m = mesh.twiceArea(t);
        double length = Math.sqrt(n.dot(n) * m.dot(m));
        return n.dot(m) < -(1 - 1e-10) * length && length > 0;
    }

    private boolean boxesOverlap(int s, int t) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        for (int q = 0; q < 3; q++) {
            double a = p[3 * c[3 * s] + q];
            double b = p[3 * c[3 * s + 1] + q];
            double d = p[3 * c[3 * s + 2] + q];
            double e = p[3 * c[3 * t] + q];
            double f = p[3 * c[3 * t + 1] + q];
            double g = p[3 * c[3 * t + 2] + q];
            if (Math.min(a, Math.min(b, d)) > Math.max(e, Math.max(f, g))
                    || Math.min(e, Math.min(f, g)) > Math.max(a, Math.max(b, d))) {
                return false;
            }
        }
        return true;
    }
}
