package org.negvol.surface;

import java.util.Arrays;

/** A mesh while it grows. */
final class MeshBuilder {

    private double[] xyz = new double[3 * 1024];
    private int[] triangles = new int[3 * 2048];
    private int coordinates;
    private int corners;

    int vertex(double x, double y, double z) {
        if (coordinates == xyz.length) {
            xyz = Arrays.copyOf(xyz, coordinates * 2);
        }
        xyz[coordinates] = x;
        xyz[coordinates + 1] = y;
        xyz[coordinates + 2] = z;
        coordinates += 3;
        return coordinates / 3 - 1;
    }

    void triangle(int a, int b, int c) {
        if (corners == triangles.length) {
            triangles = Arrays.copyOf(triangles, corners * 2);
        }
        triangles[corners] = a;
        triangles[corners + 1] = b;
        triangles[corners + 2] = c;
        corners += 3;
    }

    double x(int vertex) {
        return xyz[3 * vertex];
    }

    double y(int vertex) {
        return xyz[3 * vertex + 1];
    }

    double z(int vertex) {
        return xyz[3 * vertex + 2];
    }

    int vertexCount() {
        return coordinates / 3;
    }

    int triangleCount() {
        return corners / 3;
    }

    TriangleMesh build() {
        return new TriangleMesh(Arrays.copyOf(xyz, coordinates), Arrays.copyOf(triangles, corners));
    }
}
