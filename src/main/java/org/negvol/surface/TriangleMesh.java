package org.negvol.surface;

import java.util.Arrays;
import org.negvol.volume.Vec3;

/**
 * A triangle surface in patient coordinates (LPS, mm); outward-oriented triangles are anticlockwise
 * seen from outside. The arrays are shared, not copied: whoever makes the mesh hands them over.
 *
 * @param xyzMm x, y, z of each vertex, one after the other
 * @param triangles three vertex numbers (from 0) a triangle
 */
@SuppressWarnings("ArrayRecordComponent")
public record TriangleMesh(double[] xyzMm, int[] triangles) {

    public TriangleMesh {
        if (xyzMm.length % 3 != 0 || triangles.length % 3 != 0) {
            throw new IllegalArgumentException(
                    "%d coordinates and %d corners are not whole points and triangles"
                            .formatted(xyzMm.length, triangles.length));
        }
    }

    public int vertexCount() {
        return xyzMm.length / 3;
    }

    public int triangleCount() {
        return triangles.length / 3;
    }

    public Vec3 vertex(int v) {
        return new Vec3(xyzMm[3 * v], xyzMm[3 * v + 1], xyzMm[3 * v + 2]);
    }

    /** x, y, z of the middle of each triangle's corners; LPS mm. */
    public double[] centroids() {
        double[] out = new double[triangles.length];
        for (int t = 0; t < triangles.length; t += 3) {
            putCentroid(t, out, t);
        }
        return out;
    }

    /** The same of some triangles. */
    double[] centroids(int[] some) {
        double[] out = new double[3 * some.length];
        for (int i = 0; i < some.length; i++) {
            putCentroid(3 * some[i], out, 3 * i);
        }
        return out;
    }

    private void putCentroid(int corner, double[] out, int at) {
        int a = 3 * triangles[corner];
        int b = 3 * triangles[corner + 1];
        int c = 3 * triangles[corner + 2];
        for (int q = 0; q < 3; q++) {
            out[at + q] = (xyzMm[a + q] + xyzMm[b + q] + xyzMm[c + q]) / 3;
        }
    }

    /**
     * The vector at right angles to a triangle, to the side from which its corners run
     * anticlockwise, with twice the triangle's area in mm² as its length.
     */
    public Vec3 twiceArea(int triangle) {
        int t = 3 * triangle;
        return twiceArea(xyzMm, triangles[t], triangles[t + 1], triangles[t + 2]);
    }

    /**
     * The same of three vertices that need not be a mesh's.
     *
     * @param xyzMm x, y, z of each vertex, one after the other
     */
    static Vec3 twiceArea(double[] xyzMm, int first, int second, int third) {
        int a = 3 * first;
        int b = 3 * second;
        int c = 3 * third;
        double ux = xyzMm[b] - xyzMm[a];
        double uy = xyzMm[b + 1] - xyzMm[a + 1];
        double uz = xyzMm[b + 2] - xyzMm[a + 2];
        double vx = xyzMm[c] - xyzMm[a];
        double vy = xyzMm[c + 1] - xyzMm[a + 1];
        double vz = xyzMm[c + 2] - xyzMm[a + 2];
        return new Vec3(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
    }

    /**
     * x, y, z of each vertex's unit normal, the mean of its triangles' weighted by area; zero at a
     * vertex that has none.
     */
    public double[] normals() {
        double[] normals = new double[xyzMm.length];
        putNormals(normals);
        return normals;
    }

    /** Writes {@link #normals} over what is in an array. */
    void putNormals(double[] normals) {
        Arrays.fill(normals, 0);
        for (int t = 0; t < triangles.length; t += 3) {
            Vec3 n = twiceArea(t / 3);
            for (int corner = t; corner < t + 3; corner++) {
                int v = 3 * triangles[corner];
                normals[v] += n.x();
                normals[v + 1] += n.y();
                normals[v + 2] += n.z();
            }
        }
        for (int v = 0; v < normals.length; v += 3) {
            double x = normals[v];
            double y = normals[v + 1];
            double z = normals[v + 2];
            double length = Math.sqrt(x * x + y * y + z * z);
            double scale = length > 0 ? 1 / length : 0;
            normals[v] = x * scale;
            normals[v + 1] = y * scale;
            normals[v + 2] = z * scale;
        }
    }
}
