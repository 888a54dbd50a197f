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

    private final TriangleMesh mesh;
    private final TriangleTree tree;
    private volatile double @Nullable [] pseudonormals;

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

    /** Angle-weighted normals of the vertices, then the normals of the sides; not normalised. */
    private double[] pseudonormals() {
        double[] known = pseudonormals;
        if (known != null) {
            return known;
        }
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        int vertices = p.length;
        double[] normals = new double[vertices + 3 * c.length];
        double[] face = new double[c.length];
        double[] n = new double[3];
        for (int s = 0; s < c.length; s += 3) {
            faceNormal(s / 3, n);
            double length = Math.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
            for (int q = 0; q < 3; q++) {
                face[s + q] = length > 0 ? n[q] / length : 0;
            }
            for (int corner = 0; corner < 3; corner++) {
                double angle =
                        angle(
                                p,
                                3 * c[s + corner],
                                3 * c[s + (corner + 1) % 3],
                                3 * c[s + (corner + 2) % 3]);
                for (int q = 0; q < 3; q++) {
                    normals[3 * c[s + corner] + q] += angle * face[s + q];
                }
            }
        }
        MeshEdges edges = MeshEdges.of(mesh);
        for (int s = 0; s < c.length; s++) {
            int other = edges.across[s];
            for (int q = 0; q < 3; q++) {
                double across = other >= 0 ? face[other / 3 * 3 + q] : 0;
                normals[vertices + 3 * s + q] = face[s / 3 * 3 + q] + across;
            }
        }
        pseudonormals = normals;
        return normals;
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
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        int a = 3 * c[3 * t];
        int b = 3 * c[3 * t + 1];
        int d = 3 * c[3 * t + 2];
        double ux = p[b] - p[a];
        double uy = p[b + 1] - p[a + 1];
        double uz = p[b + 2] - p[a + 2];
        double vx = p[d] - p[a];
        double vy = p[d + 1] - p[a + 1];
        double vz = p[d + 2] - p[a + 2];
        n[0] = uy * vz - uz * vy;
        n[1] = uz * vx - ux * vz;
        n[2] = ux * vy - uy * vx;
    }

    /** The state of one thread's questions; holds the answer to the last one. */
    public final class Query {

        private final int[] stack = new int[64];
        private final double[] stackBound = new double[64];
        private final double[] weights = new double[3];
        private final double[] bestWeights = new double[3];
        private double best;
        private int triangle = -1;

        private Query() {}

        /**
         * Finds the nearest point of the surface.
         *
         * @param withinMm only points nearer than this count
         * @return whether there is one
         */
        public boolean nearest(double x, double y, double z, double withinMm) {
            best = withinMm * withinMm;
            triangle = -1;
            search(x, y, z);
            return triangle >= 0;
        }

        /**
         * The same, started from a triangle that is likely near, such as that of a point next to
         * this one.
         */
        public boolean nearest(double x, double y, double z, double withinMm, int likelyTriangle) {
            best = withinMm * withinMm;
            triangle = -1;
            tryTriangle(likelyTriangle, x, y, z);
            search(x, y, z);
            return triangle >= 0;
        }

        private void search(double x, double y, double z) {
            stack[0] = 0;
            stackBound[0] = tree.squaredDistance(0, x, y, z);
            int top = 1;
            while (top > 0) {
                top--;
                int node = stack[top];
                if (stackBound[top] >= best) {
                    continue;
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
                    if (dFar < best) {
                        stack[top] = far;
                        stackBound[top++] = dFar;
                    }
                    if (dNear >= best) {
                        node = -1;
                        break;
                    }
                    node = near;
                }
                if (node >= 0) {
                    for (int i = tree.first(node), end = tree.end(node); i < end; i++) {
                        tryTriangle(tree.order[i], x, y, z);
                    }
                }
            }
        }

        private void tryTriangle(int t, double x, double y, double z) {
            double d = NearestOnTriangle.of(mesh, t, x, y, z, weights);
            if (d < best) {
                best = d;
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
            double[] normals = pseudonormals();
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
            int at;
            if (zeros == 2) {
                at = 3 * c[3 * triangle + positive];
            } else if (zeros == 1) {
                at = mesh.xyzMm().length + 3 * (3 * triangle + (zero + 1) % 3);
            } else {
                double[] n = weights;
                faceNormal(triangle, n);
                return outside(x, y, z, n[0], n[1], n[2]);
            }
            return outside(x, y, z, normals[at], normals[at + 1], normals[at + 2]);
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
            int top = 0;
            stack[top++] = 0;
            while (top > 0) {
                int node = stack[--top];
                if (!meets(node, x, y, z, dx, dy, dz, nearest)) {
                    continue;
                }
                if (!tree.isLeaf(node)) {
                    stack[top++] = 2 * node + 1;
                    stack[top++] = 2 * node + 2;
                    continue;
                }
                for (int i = tree.first(node); i < tree.end(node); i++) {
                    double t = RayTriangle.of(mesh, tree.order[i], x, y, z, dx, dy, dz, weights);
                    if (t >= 0 && t <= nearest) {
                        nearest = t;
                        triangle = tree.order[i];
                        System.arraycopy(weights, 0, bestWeights, 0, 3);
                    }
                }
            }
            return triangle < 0 ? Double.POSITIVE_INFINITY : nearest;
        }

        private boolean meets(
                int node,
                double x,
                double y,
                double z,
                double dx,
                double dy,
                double dz,
                double within) {
            int b = 6 * node;
            double[] box = tree.boxes;
            double from = 0;
            double to = within;
            for (int q = 0; q < 3; q++) {
                double o = q == 0 ? x : q == 1 ? y : z;
                double d = q == 0 ? dx : q == 1 ? dy : dz;
                if (d == 0) {
                    if (o < box[b + q] || o > box[b + 3 + q]) {
                        return false;
                    }
                } else {
                    double t0 = (box[b + q] - o) / d;
                    double t1 = (box[b + 3 + q] - o) / d;
                    from = Math.max(from, Math.min(t0, t1));
                    to = Math.min(to, Math.max(t0, t1));
                }
            }
            // A hair of slack, or rounding could pass a triangle that lies in a side of its box.
            return from <= to + 1e-9;
        }
    }
}
