package org.negvol.measure;

import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/** What a mesh says at its vertices: outward normals and the area that each stands for. */
final class MeshNormals {

    /** x, y, z of each vertex's unit normal; zero where it has none. */
    final double[] normals;

    /** A third of the area of the triangles round each vertex, mm². */
    final double[] areaMm2;

    private MeshNormals(double[] normals, double[] areaMm2) {
        this.normals = normals;
        this.areaMm2 = areaMm2;
    }

    /** Normals are means of the triangles' normals, weighted by area. */
    static MeshNormals of(TriangleMesh mesh) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        double[] normals = new double[p.length];
        double[] area = new double[p.length / 3];
        for (int t = 0; t < c.length; t += 3) {
            int a = 3 * c[t];
            int b = 3 * c[t + 1];
            int d = 3 * c[t + 2];
            double ux = p[b] - p[a];
            double uy = p[b + 1] - p[a + 1];
            double uz = p[b + 2] - p[a + 2];
            double vx = p[d] - p[a];
            double vy = p[d + 1] - p[a + 1];
            double vz = p[d + 2] - p[a + 2];
            double nx = uy * vz - uz * vy;
            double ny = uz * vx - ux * vz;
            double nz = ux * vy - uy * vx;
            double third = Math.sqrt(nx * nx + ny * ny + nz * nz) / 6;
            for (int q = 0; q < 3; q++) {
                int v = c[t + q];
                normals[3 * v] += nx;
                normals[3 * v + 1] += ny;
                normals[3 * v + 2] += nz;
                area[v] += third;
            }
        }
        for (int v = 0; v < normals.length; v += 3) {
            double l =
                    Math.sqrt(
                            normals[v] * normals[v]
                                    + normals[v + 1] * normals[v + 1]
                                    + normals[v + 2] * normals[v + 2]);
            if (l > 0) {
                normals[v] /= l;
                normals[v + 1] /= l;
                normals[v + 2] /= l;
            }
        }
        return new MeshNormals(normals, area);
    }

    Vec3 normal(int vertex) {
        return new Vec3(normals[3 * vertex], normals[3 * vertex + 1], normals[3 * vertex + 2]);
    }
}
