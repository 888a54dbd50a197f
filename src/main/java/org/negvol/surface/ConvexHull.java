package org.negvol.surface;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Vec3;

/**
 * The convex hull of points in space by Quickhull (Barber, Dobkin, Huhdanpaa, ACM TOMS 22(4),
 * 1996); expected time n log n. Points closer to a face than a millionth of the extent count as on
 * it.
 */
final class ConvexHull {

    /** One triangle: its corners, its outward unit normal and offset, and who lies across. */
    private static final class Face {
        final int a;
        final int b;
        final int c;
        final double nx;
        final double ny;
        final double nz;
        final double offset;
        final Face[] across = new Face[3];
        int[] above = new int[8];
        int count;
        int furthest = -1;
        double height;
        boolean gone;
        int visit;

        Face(double[] p, int a, int b, int c) {
            this.a = a;
            this.b = b;
            this.c = c;
            Vec3 normal = TriangleMesh.twiceArea(p, a, b, c);
            double l = normal.norm();
            double s = l > 0 ? 1 / l : 0;
            nx = normal.x() * s;
            ny = normal.y() * s;
            nz = normal.z() * s;
            offset = nx * p[3 * a] + ny * p[3 * a + 1] + nz * p[3 * a + 2];
        }

        double height(double[] p, int v) {
            return nx * p[3 * v] + ny * p[3 * v + 1] + nz * p[3 * v + 2] - offset;
        }

        void take(int v, double h) {
            if (count == above.length) {
                above = Arrays.copyOf(above, 2 * count);
            }
            above[count++] = v;
            if (h > height) {
                height = h;
                furthest = v;
            }
        }

        int corner(int i) {
            return i == 0 ? a : i == 1 ? b : c;
        }
    }

    private final double[] p;
    private final double slack;
    private final List<Face> faces = new ArrayList<>();
    private final List<Face> visible = new ArrayList<>();
    private final List<Face> rimFaces = new ArrayList<>();
    private final List<Integer> rimSides = new ArrayList<>();
    private int visits;

    private ConvexHull(double[] p, double slack) {
        this.p = p;
        this.slack = slack;
    }

    /**
     * @param xyz x, y, z of each point
     * @return the hull as a closed, outward-oriented mesh; null if the points lie in one plane
     */
    static @Nullable TriangleMesh of(double[] xyz) {
        double extent = 0;
        for (double v : xyz) {
            extent = Math.max(extent, Math.abs(v - xyz[0]));
        }
        ConvexHull hull = new ConvexHull(xyz, 1e-6 * Math.max(extent, 1e-3));
        return hull.build() ? hull.mesh() : null;
    }

    private TriangleMesh mesh() {
        int[] number = new int[p.length / 3];
        Arrays.fill(number, -1);
        MeshBuilder mesh = new MeshBuilder();
        int[] corner = new int[3];
        for (Face f : faces) {
            if (f.gone) {
                continue;
            }
            for (int i = 0; i < 3; i++) {
                int v = f.corner(i);
                if (number[v] < 0) {
                    number[v] = mesh.vertex(p[3 * v], p[3 * v + 1], p[3 * v + 2]);
                }
                corner[i] = number[v];
            }
            mesh.triangle(corner[0], corner[1], corner[2]);
        }
        return mesh.build();
    }

    private boolean build() {
        int n = p.length / 3;
        if (n < 4 || !tetrahedron(n)) {
            return false;
        }
        ArrayDeque<Face> open = new ArrayDeque<>(faces);
        while (!open.isEmpty()) {
            Face f = open.poll();
            if (f.gone || f.furthest < 0) {
                continue;
            }
            add(f, f.furthest, open);
        }
        return true;
    }

    private boolean tetrahedron(int n) {
        int a = 0;
        for (int v = 1; v < n; v++) {
            if (p[3 * v] < p[3 * a]) {
                a = v;
            }
        }
        int b = furthest(n, a, -1, -1);
        int c = b < 0 ? -1 : furthest(n, a, b, -1);
        int d = c < 0 ? -1 : furthest(n, a, b, c);
        if (d < 0) {
            return false;
        }
        Face base = new Face(p, a, b, c);
        if (base.height(p, d) > 0) {
            int s = b;
            b = c;
            c = s;
        }
        Face[] f = {
            new Face(p, a, b, c), new Face(p, a, d, b), new Face(p, b, d, c), new Face(p, c, d, a)
        };
        for (Face x : f) {
            faces.add(x);
            for (Face y : f) {
                if (x != y) {
                    join(x, y);
                }
            }
        }
        for (int v = 0; v < n; v++) {
            assign(v, faces, 0);
        }
        return true;
    }

    /** Enters y in x where they share a side. */
    private static void join(Face x, Face y) {
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                if (x.corner(i) == y.corner((j + 1) % 3) && x.corner((i + 1) % 3) == y.corner(j)) {
                    x.across[i] = y;
                }
            }
        }
    }

    /** The point furthest from a point, a line or a plane; -1 if all lie on it. */
    private int furthest(int n, int a, int b, int c) {
        double best = slack * slack;
        int at = -1;
        Face plane = c >= 0 ? new Face(p, a, b, c) : null;
        for (int v = 0; v < n; v++) {
            double d2;
            if (plane != null) {
                double h = plane.height(p, v);
                d2 = h * h;
            } else {
                double x = p[3 * v] - p[3 * a];
                double y = p[3 * v + 1] - p[3 * a + 1];
                double z = p[3 * v + 2] - p[3 * a + 2];
                d2 = x * x + y * y + z * z;
                if (b >= 0) {
                    double ux = p[3 * b] - p[3 * a];
                    double uy = p[3 * b + 1] - p[3 * a + 1];
                    double uz = p[3 * b + 2] - p[3 * a + 2];
                    double t = x * ux + y * uy + z * uz;
                    d2 -= t * t / (ux * ux + uy * uy + uz * uz);
                }
            }
            if (d2 > best) {
                best = d2;
                at = v;
            }
        }
        return at;
    }

    /** Gives a point to the first face it lies above. */
    private void assign(int v, List<Face> candidates, int from) {
        for (int i = from; i < candidates.size(); i++) {
            Face f = candidates.get(i);
            double h = f.height(p, v);
            if (h > slack) {
                f.take(v, h);
                return;
            }
        }
    }

    private void add(Face start, int v, ArrayDeque<Face> open) {
        visits++;
        visible.clear();
        rimFaces.clear();
        rimSides.clear();
        rim(start, -1, v);
        int first = faces.size();
        int n = rimFaces.size();
        for (int i = 0; i < n; i++) {
            Face outer = rimFaces.get(i);
            int side = rimSides.get(i);
            // The outer face runs along its side one way, the new face the other.
            Face f = new Face(p, outer.corner((side + 1) % 3), outer.corner(side), v);
            f.across[0] = outer;
            outer.across[side] = f;
            faces.add(f);
        }
        for (int i = 0; i < n; i++) {
            Face f = faces.get(first + i);
            Face next = faces.get(first + (i + 1) % n);
            f.across[1] = next;
            next.across[2] = f;
        }
        for (Face old : visible) {
            for (int i = 0; i < old.count; i++) {
                if (old.above[i] != v) {
                    assign(old.above[i], faces, first);
                }
            }
            old.above = new int[0];
        }
        for (int i = first; i < faces.size(); i++) {
            if (faces.get(i).furthest >= 0) {
                open.add(faces.get(i));
            }
        }
    }

    /** Walks over the faces a point sees, in the order of their sides, and lists their rim. */
    private void rim(Face f, int from, int v) {
        f.gone = true;
        f.visit = visits;
        visible.add(f);
        for (int i = from < 0 ? 0 : 1; i < 3; i++) {
            int side = (from < 0 ? 0 : from) + i;
            side %= 3;
            Face other = f.across[side];
            if (other.visit == visits && other.gone) {
                continue;
            }
            int back = 0;
            while (other.across[back] != f) {
                back++;
            }
            if (other.height(p, v) > slack) {
                rim(other, back, v);
            } else {
                rimFaces.add(other);
                rimSides.add(back);
            }
        }
    }
}
