package org.negvol.surface;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Vec3;

/**
 * Exact distances from points to a mesh, and rays to it.
 *
 * <p>Built once for a mesh (time of a sort) and then immutable; each thread asks through a {@link
 * Query} of its own, which does not allocate. A query takes logarithmic time for points near the
 * surface. Signs are those of the angle-weighted pseudonormal at the nearest point (Bærentzen,
 * Aanæs, "Signed distance computation using the angle weighted pseudonormal", IEEE TVCG 11(3),
 * 2005), right for every closed, oriented mesh without self-intersections.
 */
public final class MeshDistance {

    /** A hair, or rounding could pass a triangle that lies in a side of its box. */
    private static final double SLACK = 1e-9;

    /** Up to this factor a rough distance is too large. */
    private static final double ROUGH = 4 / 3.0;

    private final TriangleMesh mesh;
    private final TriangleTree tree;
    private volatile int @Nullable [] @Nullable [] trianglesAt;

    private MeshDistance(TriangleMesh mesh) {
        this.mesh = mesh;
        tree = new TriangleTree(mesh);
    }

    /**
     * @throws IllegalArgumentException if the mesh has no triangle or a vertex is not finite
     */
    public static MeshDistance of(TriangleMesh mesh) {
        if (mesh.triangleCount() == 0) {
            throw new IllegalArgumentException("there is no distance to a mesh without triangles");
        }
        return new MeshDistance(mesh);
    }

    public TriangleMesh mesh() {
        return mesh;
    }

    /** A new state for asking; not to be shared between threads. */
    public Query query() {
        return new Query();
    }

    /** Distance in mm of a point (LPS mm) from the surface, not negative. */
    public double distanceMm(Vec3 p) {
        Query q = query();
        q.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY);
        return q.distanceMm();
    }

    /** Distance in mm of a point (LPS mm) from the surface, negative inside. */
    public double signedDistanceMm(Vec3 p) {
        return query().signedDistanceMm(p.x(), p.y(), p.z());
    }

    /** The point of the surface that is nearest to a point; LPS mm. */
    public Vec3 nearest(Vec3 p) {
        Query q = query();
        q.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY);
        return q.point();
    }

    /** Corners of the triangles (places in the mesh's list) by vertex: starts, then the corners. */
    private int[][] trianglesAt() {
        int[][] known = trianglesAt;
        if (known != null) {
            return known;
        }
        int[] c = mesh.triangles();
        int[] start = new int[mesh.vertexCount() + 1];
        for (int v : c) {
            start[v + 1]++;
        }
        for (int v = 0; v < mesh.vertexCount(); v++) {
            start[v + 1] += start[v];
        }
        int[] corners = new int[c.length];
        int[] next = start.clone();
        for (int s = 0; s < c.length; s++) {
            corners[next[c[s]]++] = s;
        }
        int[][] made = {start, corners};
        trianglesAt = made;
        return made;
    }

    /**
     * The pseudonormal (not normalised) of a vertex, weighted by angle, or of the side from it to
     * another one.
     *
     * @param other the side's other end; -1 for the vertex's own
     * @param sum receives it
     */
    private void pseudonormal(int vertex, int other, double[] sum) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        int[][] at = trianglesAt();
        double[] n = new double[3];
        Arrays.fill(sum, 0);
        for (int i = at[0][vertex]; i < at[0][vertex + 1]; i++) {
            int s = at[1][i];
            int first = s - s % 3;
            int b = c[first + (s + 1) % 3];
            int d = c[first + (s + 2) % 3];
            if (other >= 0 && b != other && d != other) {
                continue;
            }
            faceNormal(s / 3, n);
            double length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
            if (length > 0) {
                double w = (other >= 0 ? 1 : angle(p, 3 * vertex, 3 * b, 3 * d)) / length;
                sum[0] += w * n[0];
                sum[1] += w * n[1];
                sum[2] += w * n[2];
            }
        }
    }

    private static double angle(double[] p, int at, int b, int d) {
        double ux = p[b] - p[at];
        double uy = p[b + 1] - p[at + 1];
        double uz = p[b + 2] - p[at + 2];
        double vx = p[d] - p[at];
        double vy = p[d + 1] - p[at + 1];
        double vz = p[d + 2] - p[at + 2];
        double dot = ux * vx + uy * vy + uz * vz;
        double l = Math.sqrt((ux * ux + uy * uy + uz * uz) * (vx * vx + vy * vy + vz * vz));
        return l > 0 ? Math.acos(Math.clamp(dot / l, -1, 1)) : 0;
    }

    private void faceNormal(int t, double[] n) {
        Vec3 normal = mesh.twiceArea(t);
        n[0] = normal.x();
        n[1] = normal.y();
        n[2] = normal.z();
    }

    /** The state of one thread's questions; holds the answer to the last one. */
    public final class Query {

        private final int[] stack = new int[64];
        private final double[] stackBound = new double[64];
        private final double[] weights = new double[3];
        private final double[] bestWeights = new double[3];
        private final double[] origin = new double[3];
        private final double[] perDirection = new double[3];
        private double tolerance = 1;
        private boolean searchAny;
        private double best;

        /** How near a triangle must come to be looked at, mm; a hair more for rounding. */
        private double limit;

        private int triangle = -1;

        private Query() {}

        /**
         * Finds the nearest point of the surface.
         *
         * @param withinMm only points nearer than this count
         * @return whether there is one
         */
        public boolean nearest(double x, double y, double z, double withinMm) {
            within(withinMm * withinMm);
            triangle = -1;
            search(x, y, z);
            return triangle >= 0;
        }

        /**
         * The same, started from a triangle that is likely near, such as that of a point next to
         * this one.
         */
        public boolean nearest(double x, double y, double z, double withinMm, int likelyTriangle) {
            within(withinMm * withinMm);
            triangle = -1;
            tryTriangle(likelyTriangle, x, y, z);
            search(x, y, z);
            return triangle >= 0;
        }

        /**
         * A lower bound of the distance in mm, no less than three quarters of it: what it costs
         * less than {@link #nearest} is most where much of the surface is about equally far.
         */
        public double atLeastMm(double x, double y, double z, int likelyTriangle) {
            tolerance = ROUGH * ROUGH;
            nearest(x, y, z, Double.POSITIVE_INFINITY, likelyTriangle);
            tolerance = 1;
            return distanceMm() / ROUGH;
        }

        /**
         * Whether the surface comes nearer than so many mm; finds a point of it that does, which
         * need not be the nearest.
         */
        public boolean isWithin(double x, double y, double z, double withinMm, int likelyTriangle) {
            within(withinMm * withinMm);
            triangle = -1;
            tryTriangle(likelyTriangle, x, y, z);
            if (triangle < 0) {
                searchAny = true;
                search(x, y, z);
                searchAny = false;
            }
            return triangle >= 0;
        }

        private void within(double squared) {
            best = squared;
            limit = Math.sqrt(squared / tolerance) * (1 + SLACK) + SLACK;
        }

        private void search(double x, double y, double z) {
            stack[0] = 0;
            stackBound[0] = tree.squaredDistance(0, x, y, z);
            int top = 1;
            while (top > 0) {
                top--;
                int node = stack[top];
                if (stackBound[top] * tolerance >= best) {
                    continue;
                }
                if (searchAny && triangle >= 0) {
                    return;
                }
                while (!tree.isLeaf(node)) {
                    int near = 2 * node + 1;
                    int far = near + 1;
                    double dNear = tree.squaredDistance(near, x, y, z);
                    double dFar = tree.squaredDistance(far, x, y, z);
                    if (dFar < dNear) {
                        int n = near;
                        near = far;
                        far = n;
                        double d = dNear;
                        dNear = dFar;
                        dFar = d;
                    }
                    if (dFar * tolerance < best) {
                        stack[top] = far;
                        stackBound[top++] = dFar;
                    }
                    if (dNear * tolerance >= best) {
                        node = -1;
                        break;
                    }
                    node = near;
                }
                if (node >= 0) {
                    double[] numbers = tree.triangles(node);
                    int at = tree.start(node);
                    for (int i = tree.first(node), end = tree.end(node); i < end; i++) {
                        if (LeafTriangles.comesNearer(numbers, at, x, y, z, limit)) {
                            enter(
                                    tree.order[i],
                                    NearestOnTriangle.of(
                                            numbers,
                                            at + LeafTriangles.A,
                                            at + LeafTriangles.B,
                                            at + LeafTriangles.C,
                                            x,
                                            y,
                                            z,
                                            weights));
                        }
                        at += LeafTriangles.NUMBERS;
                    }
                }
            }
        }

        private void tryTriangle(int t, double x, double y, double z) {
            enter(t, NearestOnTriangle.of(mesh, t, x, y, z, weights));
        }

        /** Keeps a triangle, whose weights were found, if its squared distance is the best. */
        private void enter(int t, double squared) {
            if (squared < best) {
                within(squared);
                triangle = t;
                bestWeights[0] = weights[0];
                bestWeights[1] = weights[1];
                bestWeights[2] = weights[2];
            }
        }

        /** Distance found last, mm; NaN if none was within bounds. */
        public double distanceMm() {
            return triangle < 0 ? Double.NaN : Math.sqrt(best);
        }

        /** Triangle found last, or -1. */
        public int triangle() {
            return triangle;
        }

        /** The point found last; LPS mm. */
        public Vec3 point() {
            return new Vec3(coordinate(0), coordinate(1), coordinate(2));
        }

        /** Coordinate 0 (x), 1 (y) or 2 (z) of the point found last; LPS mm. */
        public double coordinate(int axis) {
            if (triangle < 0) {
                throw new IllegalStateException("no point was found");
            }
            double[] p = mesh.xyzMm();
            int[] c = mesh.triangles();
            return bestWeights[0] * p[3 * c[3 * triangle] + axis]
                    + bestWeights[1] * p[3 * c[3 * triangle + 1] + axis]
                    + bestWeights[2] * p[3 * c[3 * triangle + 2] + axis];
        }

        /** Distance in mm of a point (LPS mm) from the surface, negative inside. */
        public double signedDistanceMm(double x, double y, double z) {
            nearest(x, y, z, Double.POSITIVE_INFINITY);
            return sign(x, y, z) * Math.sqrt(best);
        }

        /** -1 if the point whose nearest point was found last lies inside, else 1. */
        public int sign(double x, double y, double z) {
            int[] c = mesh.triangles();
            int zeros = 0;
            int positive = 0;
            int zero = 0;
            for (int q = 0; q < 3; q++) {
                if (bestWeights[q] == 0) {
                    zeros++;
                    zero = q;
                } else {
                    positive = q;
                }
            }
            double[] n = weights;
            if (zeros == 2) {
                pseudonormal(c[3 * triangle + positive], -1, n);
            } else if (zeros == 1) {
                pseudonormal(c[3 * triangle + (zero + 1) % 3], c[3 * triangle + (zero + 2) % 3], n);
            } else {
                faceNormal(triangle, n);
            }
            return outside(x, y, z, n[0], n[1], n[2]);
        }

        private int outside(double x, double y, double z, double nx, double ny, double nz) {
            double d =
                    (x - coordinate(0)) * nx + (y - coordinate(1)) * ny + (z - coordinate(2)) * nz;
            return d < 0 ? -1 : 1;
        }

        /**
         * Where a ray first meets the surface.
         *
         * @param withinMm how far it is followed
         * @return distance along the ray in units of the direction's length, which is mm for a unit
         *     vector; infinite if nothing is met. {@link #triangle()} tells what was met
         */
        public double ray(
                double x, double y, double z, double dx, double dy, double dz, double withinMm) {
            double nearest = withinMm;
            triangle = -1;
            Arrays.fill(bestWeights, 0);
            origin[0] = x;
            origin[1] = y;
            origin[2] = z;
            // Infinite along an axis on which the ray does not move.
            perDirection[0] = 1 / dx;
            perDirection[1] = 1 / dy;
            perDirection[2] = 1 / dz;
            stack[0] = 0;
            stackBound[0] = enters(0, nearest);
            int top = 1;
            while (top > 0) {
                top--;
                int node = stack[top];
                if (stackBound[top] > nearest + SLACK) {
                    continue;
                }
                if (!tree.isLeaf(node)) {
                    double a = enters(2 * node + 1, nearest);
                    double b = enters(2 * node + 2, nearest);
                    // The nearer one last, so that it is looked at first.
                    int far = a <= b ? 2 : 1;
                    if (Math.max(a, b) < Double.POSITIVE_INFINITY) {
                        stack[top] = 2 * node + far;
                        stackBound[top++] = Math.max(a, b);
                    }
                    if (Math.min(a, b) < Double.POSITIVE_INFINITY) {
                        stack[top] = 2 * node + 3 - far;
                        stackBound[top++] = Math.min(a, b);
                    }
                    continue;
                }
                double[] numbers = tree.triangles(node);
                int at = tree.start(node);
                for (int i = tree.first(node), end = tree.end(node); i < end; i++) {
                    double t =
                            RayTriangle.of(
                                    numbers,
                                    at + LeafTriangles.A,
                                    at + LeafTriangles.B,
                                    at + LeafTriangles.C,
                                    x,
                                    y,
                                    z,
                                    dx,
                                    dy,
                                    dz,
                                    weights);
                    if (t >= 0 && t <= nearest) {
                        nearest = t;
                        triangle = tree.order[i];
                        System.arraycopy(weights, 0, bestWeights, 0, 3);
                    }
                    at += LeafTriangles.NUMBERS;
                }
            }
            return triangle < 0 ? Double.POSITIVE_INFINITY : nearest;
        }

        /** Where the ray enters a node's box, not before its start; infinite if it does not. */
        private double enters(int node, double within) {
            int b = 6 * node;
            double[] box = tree.boxes;
            double from = 0;
            double to = within;
            for (int q = 0; q < 3; q++) {
                double o = origin[q];
                double perD = perDirection[q];
                if (Double.isInfinite(perD)) {
                    if (o < box[b + q] || o > box[b + 3 + q]) {
                        return Double.POSITIVE_INFINITY;
                    }
                } else {
                    double t0 = (box[b + q] - o) * perD;
                    double t1 = (box[b + 3 + q] - o) * perD;
                    from = Math.max(from, Math.min(t0, t1));
                    to = Math.min(to, Math.max(t0, t1));
                }
            }
            return from <= to + SLACK ? from : Double.POSITIVE_INFINITY;
        }
    }
}
