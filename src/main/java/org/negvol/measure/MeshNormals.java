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
        int[] c = mesh.triangles();
        double[] area = new double[mesh.vertexCount()];
        for (int t = 0; t < c.length; t += 3) {
            double third = mesh.twiceArea(t / 3).norm() / 6;
            for (int q = 0; q < 3; q++) {
                area[c[t + q]] += third;
            }
        }
        return new MeshNormals(mesh.normals(), area);
    }

    Vec3 normal(int vertex) {
        return new Vec3(normals[3 * vertex], normals[3 * vertex + 1], normals[3 * vertex + 2]);
    }
}
