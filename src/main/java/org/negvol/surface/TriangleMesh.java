package org.negvol.surface;

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
}
