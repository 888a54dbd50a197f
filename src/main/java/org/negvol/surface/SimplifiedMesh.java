package org.negvol.surface;

import java.util.Arrays;
import org.negvol.volume.Vec3;

/**
 * The same closed surface with fewer triangles where it is flat.
 *
 * <p>Sides are collapsed into one vertex each, the flattest first, as long as the merged vertex
 * stays within a tolerance of the planes of all triangles that it stands for (quadric error:
 * Garland, Heckbert, SIGGRAPH 1997). Along the surface's normal the vertex is placed where the
 * enclosed volume stays what it was (Lindstrom, Turk, IEEE Visualization 1998), so that
 * simplification does not shrink anything. What is closed, manifold and oriented stays so; what is
 * not is given back as it is.
 *
 * <p>Deterministic. Time: linear in the number of triangles, 0.7 µs each.
 */
public final class SimplifiedMesh {

    /**
     * Thresholds of the passes as shares of the tolerance: small steps first, since a vertex may
     * take part in one collapse a pass.
     */
    private static final double[] PASSES = {0.1, 0.3, 0.6, 1};

    /**
     * How far the root mean square distance from the planes may go, as a share of the tolerance.
     */
    private static final double MEAN_SQUARE_SHARE = 0.25;

    /** Pull to the middle of a collapsed side, where the planes leave the place open. */
    private static final double PULL = 1e-3;

    /** Triangles may turn by less than 78 degrees in one step. */
    private static final double LEAST_COSINE = 0.2;

    /** No triangle becomes a thinner needle than this (see {@link MeshMeasures#meanQuality()}). */
    private static final double LEAST_QUALITY = 0.1;

    /** Where neighbouring triangles turn by more than 60 degrees the side is sharp. */
    private static final double SHARP_COSINE = 0.5;

    private static final int MOST_NEIGHBOURS = 24;
    private static final int FEWEST_NEIGHBOURS = 3;
    private static final int PLANE = 10;

    private final double[] p;
    private final int[] corner;
    private final int[] across;
    private final double[] origin;

    /** A side that starts at each vertex; -1 where none does any more. */
    private final int[] first;

    /**
     * Triangles round each vertex; 0 where the vertex must stay, since they form no single disc.
     */
    private final int[] valence;

    /** Sum of the squared distances from the planes, weighted by area, and the weight. */
    private final double[] quadric;

    private final double[] weight;
    private final double[] plane = new double[PLANE];
    private double planeWeight;
    private final int[] touched;
    private final int[] ring = new int[2 * MOST_NEIGHBOURS + 4];

    /** What collapsing a side costs at least, mm², as long as neither end has moved. */
    private final float[] cost;

    private final int[] mark;
    private int marks;

    // Where the side being looked at would collapse to.
    private double x;
    private double y;
    private double z;

    private SimplifiedMesh(TriangleMesh mesh, MeshEdges edges) {
        p = mesh.xyzMm().clone();
        corner = mesh.triangles().clone();
        across = edges.across;
        int n = mesh.vertexCount();
        origin = middle(p);
        for (int i = 0; i < p.length; i++) {
            p[i] -= origin[i % 3];
        }
        first = new int[n];
        Arrays.fill(first, -1);
        valence = new int[n];
        quadric = new double[PLANE * n];
        weight = new double[n];
        touched = new int[n];
        mark = new int[n];
        cost = new float[corner.length];
    }

    /**
     * Simplifies a mesh.
     *
     * @param toleranceMm how far the surfaces may lie apart, mm
     */
    public static TriangleMesh of(TriangleMesh mesh, double toleranceMm) {
        MeshEdges edges = MeshEdges.of(mesh);
        if (mesh.triangleCount() == 0 || edges.borderSides > 0 || edges.tangledSides > 0) {
            return mesh;
        }
        SimplifiedMesh work = new SimplifiedMesh(mesh, edges);
        work.prepare();
        for (int pass = 0; pass < PASSES.length; pass++) {
            double rms = MEAN_SQUARE_SHARE * PASSES[pass] * toleranceMm;
            double most = PASSES[pass] * toleranceMm;
            work.pass(pass + 1, rms * rms, most);
        }
        return work.mesh();
    }

    private static double[] middle(double[] p) {
        double[] mean = new double[3];
        for (int i = 0; i < p.length; i++) {
            mean[i % 3] += p[i];
        }
        for (int axis = 0; axis < 3; axis++) {
            mean[axis] /= p.length / 3.0;
        }
        return mean;
    }

    private static int previous(int s) {
        return s % 3 == 0 ? s + 2 : s - 1;
    }

    private void prepare() {
        for (int s = 0; s < corner.length; s++) {
            first[corner[s]] = s;
            valence[corner[s]]++;
        }
        for (int v = 0; v < first.length; v++) {
            if (valence[v] > MOST_NEIGHBOURS || (first[v] >= 0 && ring(v, 0) != valence[v])) {
                valence[v] = 0;
            }
        }
        double[] normals = new double[corner.length];
        for (int t = 0; t < corner.length; t += 3) {
            Vec3 normal = TriangleMesh.twiceArea(p, corner[t], corner[t + 1], corner[t + 2]);
            double twice = normal.norm();
            if (twice == 0) {
                continue;
            }
            double nx = normal.x() / twice;
            double ny = normal.y() / twice;
            double nz = normal.z() / twice;
            setPlane(nx, ny, nz, 3 * corner[t], twice / 2);
            for (int k = t; k < t + 3; k++) {
                add(corner[k]);
            }
            normals[t] = nx;
            normals[t + 1] = ny;
            normals[t + 2] = nz;
        }
        for (int t = 0; t < corner.length; t += 3) {
            fence(t, normals);
        }
    }

    /** Makes the plane through a point. */
    private void setPlane(double nx, double ny, double nz, int point, double weightOfIt) {
        double d = -(nx * p[point] + ny * p[point + 1] + nz * p[point + 2]);
        plane[0] = weightOfIt * nx * nx;
        plane[1] = weightOfIt * nx * ny;
        plane[2] = weightOfIt * nx * nz;
        plane[3] = weightOfIt * nx * d;
        plane[4] = weightOfIt * ny * ny;
        plane[5] = weightOfIt * ny * nz;
        plane[6] = weightOfIt * ny * d;
        plane[7] = weightOfIt * nz * nz;
        plane[8] = weightOfIt * nz * d;
        plane[9] = weightOfIt * d * d;
        planeWeight = weightOfIt;
    }

    private void add(int v) {
        int at = PLANE * v;
        for (int q = 0; q < PLANE; q++) {
            quadric[at + q] += plane[q];
        }
        weight[v] += planeWeight;
    }

    /**
     * Adds, along the sharp sides of a triangle, the plane through the side that stands upright on
     * the triangle: where two sheets meet like the sides of a knife their planes alone would let
     * the edge recede.
     */
    private void fence(int t, double[] normals) {
        double nx = normals[t];
        double ny = normals[t + 1];
        double nz = normals[t + 2];
        for (int s = t; s < t + 3; s++) {
            int o = across[s] - across[s] % 3;
            double cosine = nx * normals[o] + ny * normals[o + 1] + nz * normals[o + 2];
            // Exactly 0 is that of a triangle without area, which has no normal.
            if (cosine >= SHARP_COSINE || cosine == 0) {
                continue;
            }
            int from = corner[s];
            int to = corner[MeshEdges.next(s)];
            double ex = p[3 * to] - p[3 * from];
            double ey = p[3 * to + 1] - p[3 * from + 1];
            double ez = p[3 * to + 2] - p[3 * from + 2];
            double fx = ey * nz - ez * ny;
            double fy = ez * nx - ex * nz;
            double fz = ex * ny - ey * nx;
            // The triangle's normal is a unit vector at right angles to the side.
            double length = Math.sqrt(fx * fx + fy * fy + fz * fz);
            if (length > 0) {
                setPlane(fx / length, fy / length, fz / length, 3 * from, length * length);
                add(from);
                add(to);
            }
        }
    }

    /** Writes the sides that start at a vertex, one a triangle, and gives where they end. */
    private int ring(int v, int from) {
        int s = first[v];
        int n = from;
        do {
            ring[n++] = s;
            s = across[previous(s)];
        } while (s != first[v] && n < ring.length);
        return n;
    }

    private void pass(int number, double meanSquare, double most) {
        for (int s = 0; s < corner.length; s++) {
            int v = corner[s];
            // A removed triangle has no corners.
            if (v < 0 || across[s] < s || touched[v] == number) {
                continue;
            }
            int u = corner[MeshEdges.next(s)];
            if (touched[u] == number || valence[v] == 0 || valence[u] == 0) {
                continue;
            }
            if (touched[v] < number - 1 && touched[u] < number - 1 && cost[s] > meanSquare) {
                continue;
            }
            cost[s] = place(v, u) ? (float) quadricAt(v, u) : Float.MAX_VALUE;
            if (cost[s] <= meanSquare && fits(s, v, u, meanSquare, most)) {
                collapse(s, v, u);
                touched[v] = number;
            }
        }
    }

    /** Where the planes of both vertices are nearest, without heed of the volume. */
    private boolean place(int v, int u) {
        double mx = (p[3 * v] + p[3 * u]) / 2;
        double my = (p[3 * v + 1] + p[3 * u + 1]) / 2;
        double mz = (p[3 * v + 2] + p[3 * u + 2]) / 2;
        int i = PLANE * v;
        int j = PLANE * u;
        double pull = PULL * (weight[v] + weight[u]);
        double xx = quadric[i] + quadric[j];
        double xy = quadric[i + 1] + quadric[j + 1];
        double xz = quadric[i + 2] + quadric[j + 2];
        double yy = quadric[i + 4] + quadric[j + 4];
        double yz = quadric[i + 5] + quadric[j + 5];
        double zz = quadric[i + 7] + quadric[j + 7];
        double rx = -(xx * mx + xy * my + xz * mz + quadric[i + 3] + quadric[j + 3]);
        double ry = -(xy * mx + yy * my + yz * mz + quadric[i + 6] + quadric[j + 6]);
        double rz = -(xz * mx + yz * my + zz * mz + quadric[i + 8] + quadric[j + 8]);
        xx += pull;
        yy += pull;
        zz += pull;
        double c00 = yy * zz - yz * yz;
        double c01 = xz * yz - xy * zz;
        double c02 = xy * yz - xz * yy;
        double determinant = xx * c00 + xy * c01 + xz * c02;
        if (!(determinant > 0)) {
            return false;
        }
        double c11 = xx * zz - xz * xz;
        double c12 = xy * xz - xx * yz;
        double c22 = xx * yy - xy * xy;
        x = mx + (c00 * rx + c01 * ry + c02 * rz) / determinant;
        y = my + (c01 * rx + c11 * ry + c12 * rz) / determinant;
        z = mz + (c02 * rx + c12 * ry + c22 * rz) / determinant;
        return true;
    }

    /** Mean squared distance of the place from the planes of both vertices, mm². */
    private double quadricAt(int v, int u) {
        int i = PLANE * v;
        int j = PLANE * u;
        double sum =
                x
                                * (x * (quadric[i] + quadric[j])
                                        + 2 * y * (quadric[i + 1] + quadric[j + 1])
                                        + 2 * z * (quadric[i + 2] + quadric[j + 2])
                                        + 2 * (quadric[i + 3] + quadric[j + 3]))
                        + y
                                * (y * (quadric[i + 4] + quadric[j + 4])
                                        + 2 * z * (quadric[i + 5] + quadric[j + 5])
                                        + 2 * (quadric[i + 6] + quadric[j + 6]))
                        + z
                                * (z * (quadric[i + 7] + quadric[j + 7])
                                        + 2 * (quadric[i + 8] + quadric[j + 8]))
                        + quadric[i + 9]
                        + quadric[j + 9];
        return sum / (weight[v] + weight[u]);
    }

    /**
     * Whether the collapse keeps the surface's kind and shape; moves the place so that it keeps the
     * volume.
     */
    private boolean fits(int s, int v, int u, double meanSquare, double most) {
        int r = across[s];
        int left = corner[previous(s)];
        int right = corner[previous(r)];
        if (left == right
                || valence[left] <= FEWEST_NEIGHBOURS
                || valence[right] <= FEWEST_NEIGHBOURS
                || valence[v] + valence[u] - 4 > MOST_NEIGHBOURS
                || valence[v] + valence[u] - 4 < FEWEST_NEIGHBOURS) {
            return false;
        }
        int own = ring(v, 0);
        int all = ring(u, own);
        marks++;
        for (int k = 0; k < own; k++) {
            mark[corner[MeshEdges.next(ring[k])]] = marks;
        }
        int common = 0;
        for (int k = own; k < all; k++) {
            if (mark[corner[MeshEdges.next(ring[k])]] == marks) {
                common++;
            }
        }
        // More than the two apexes in common: the collapse would pinch the surface (link
        // condition).
        if (common != 2) {
            return false;
        }
        return keepVolume(s, r, v, own, all)
                && quadricAt(v, u) <= meanSquare
                && keepShape(s, r, all, most);
    }

    private boolean keepVolume(int s, int r, int v, int own, int all) {
        double ox = p[3 * v];
        double oy = p[3 * v + 1];
        double oz = p[3 * v + 2];
        double gx = 0;
        double gy = 0;
        double gz = 0;
        double before = 0;
        for (int k = 0; k < all; k++) {
            int side = ring[k];
            if (k >= own && (side / 3 == s / 3 || side / 3 == r / 3)) {
                continue;
            }
            int a = 3 * corner[MeshEdges.next(side)];
            int b = 3 * corner[previous(side)];
            double ax = p[a] - ox;
            double ay = p[a + 1] - oy;
            double az = p[a + 2] - oz;
            double bx = p[b] - ox;
            double by = p[b + 1] - oy;
            double bz = p[b + 2] - oz;
            double cx = ay * bz - az * by;
            double cy = az * bx - ax * bz;
            double cz = ax * by - ay * bx;
            if (k >= own) {
                int c = 3 * corner[side];
                before += cx * (p[c] - ox) + cy * (p[c + 1] - oy) + cz * (p[c + 2] - oz);
            }
            if (side / 3 != s / 3 && side / 3 != r / 3) {
                gx += cx;
                gy += cy;
                gz += cz;
            }
        }
        double g = gx * gx + gy * gy + gz * gz;
        if (!(g > 0)) {
            return false;
        }
        double step = (before - gx * (x - ox) - gy * (y - oy) - gz * (z - oz)) / g;
        x += step * gx;
        y += step * gy;
        z += step * gz;
        return true;
    }

    private boolean keepShape(int s, int r, int all, double most) {
        for (int k = 0; k < all; k++) {
            int side = ring[k];
            if (side / 3 == s / 3 || side / 3 == r / 3) {
                continue;
            }
            int o = 3 * corner[side];
            int a = 3 * corner[MeshEdges.next(side)];
            int b = 3 * corner[previous(side)];
            double ux = p[b] - p[a];
            double uy = p[b + 1] - p[a + 1];
            double uz = p[b + 2] - p[a + 2];
            double vx = p[o] - p[a];
            double vy = p[o + 1] - p[a + 1];
            double vz = p[o + 2] - p[a + 2];
            double wx = x - p[a];
            double wy = y - p[a + 1];
            double wz = z - p[a + 2];
            double nx = uy * vz - uz * vy;
            double ny = uz * vx - ux * vz;
            double nz = ux * vy - uy * vx;
            double mx = uy * wz - uz * wy;
            double my = uz * wx - ux * wz;
            double mz = ux * wy - uy * wx;
            double n = Math.sqrt(nx * nx + ny * ny + nz * nz);
            double m = Math.sqrt(mx * mx + my * my + mz * mz);
            if (nx * mx + ny * my + nz * mz < LEAST_COSINE * n * m) {
                return false;
            }
            if (Math.abs(nx * wx + ny * wy + nz * wz) > most * n) {
                return false;
            }
            double qx = wx - ux;
            double qy = wy - uy;
            double qz = wz - uz;
            double squares =
                    ux * ux + uy * uy + uz * uz + wx * wx + wy * wy + wz * wz + qx * qx + qy * qy
                            + qz * qz;
            // 4 √3 area = 2 √3 m
            if (2 * Math.sqrt(3) * m < LEAST_QUALITY * squares) {
                return false;
            }
        }
        return true;
    }

    /** Puts both ends of a side into one vertex, v, at the place found. */
    private void collapse(int s, int v, int u) {
        int r = across[s];
        int left = corner[previous(s)];
        int right = corner[previous(r)];
        for (int k = valence[v]; k < valence[v] + valence[u]; k++) {
            corner[ring[k]] = v;
        }
        // The sides that ran along the two removed triangles now meet each other.
        int a = across[MeshEdges.next(s)];
        int b = across[previous(s)];
        int c = across[MeshEdges.next(r)];
        int d = across[previous(r)];
        across[a] = b;
        across[b] = a;
        across[c] = d;
        across[d] = c;
        remove(s);
        remove(r);
        p[3 * v] = x;
        p[3 * v + 1] = y;
        p[3 * v + 2] = z;
        for (int q = 0; q < PLANE; q++) {
            quadric[PLANE * v + q] += quadric[PLANE * u + q];
        }
        weight[v] += weight[u];
        valence[v] += valence[u] - 4;
        valence[left]--;
        valence[right]--;
        first[v] = b;
        first[left] = a;
        first[right] = c;
        first[u] = -1;
    }

    private void remove(int s) {
        int t = s - s % 3;
        corner[t] = -1;
        corner[t + 1] = -1;
        corner[t + 2] = -1;
    }

    private TriangleMesh mesh() {
        int[] number = new int[first.length];
        int vertices = 0;
        for (int v = 0; v < first.length; v++) {
            if (first[v] >= 0) {
                number[v] = vertices++;
            }
        }
        double[] xyz = new double[3 * vertices];
        for (int v = 0; v < first.length; v++) {
            if (first[v] >= 0) {
                for (int axis = 0; axis < 3; axis++) {
                    xyz[3 * number[v] + axis] = p[3 * v + axis] + origin[axis];
                }
            }
        }
        int[] triangles = new int[corner.length];
        int n = 0;
        for (int c : corner) {
            if (c >= 0) {
                triangles[n++] = number[c];
            }
        }
        return new TriangleMesh(xyz, Arrays.copyOf(triangles, n));
    }
}
