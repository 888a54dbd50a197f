package org.negvol.measure;

import org.negvol.surface.MeshDistance;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;

/** Reads a {@link ShapeVector} off a joint's surfaces. */
final class ShapeSampler {

    private ShapeSampler() {}

    static ShapeVector sample(
            JointFrame frame,
            Rays condyle,
            TriangleMesh condyleMesh,
            MeshNormals normals,
            MeshDistance temporal,
            ScalarVolume temporalMm) {
        int side = ShapeVector.SIDE;
        float[] space = new float[side * side];
        boolean[] facing = new boolean[side * side];
        MeshDistance.Query query = temporal.query();
        MeshDistance.Query rays = temporal.query();
        int likely = -1;
        int[] c = condyleMesh.triangles();
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                double[] d = AnatomicalDirections.of(row, column);
                Vec3 direction =
                        frame.direction(
                                d[0] * frame.halfWidthMm(),
                                d[1] * frame.halfDepthMm(),
                                d[2] * frame.heightMm());
                Vec3 p = condyle.last(frame.centre(), direction.normalised(), 40);
                int o = row * side + column;
                if (p == null) {
                    // A surface that is not closed: the frame's own ellipsoid stands in for it.
                    p = frame.centre().plus(direction);
                } else {
                    int t = 3 * condyle.lastTriangle();
                    Vec3 n =
                            normals.normal(c[t])
                                    .plus(normals.normal(c[t + 1]))
                                    .plus(normals.normal(c[t + 2]));
                    facing[o] = n.norm() > 0 && faces(rays, p, n.normalised());
                }
                if (temporalMm.sample(p) >= 0) {
                    if (likely >= 0) {
                        query.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY, likely);
                    } else {
                        query.nearest(p.x(), p.y(), p.z(), Double.POSITIVE_INFINITY);
                    }
                    likely = query.triangle();
                    space[o] = (float) query.distanceMm();
                }
            }
        }
        return new ShapeVector(space, facing);
    }

    private static boolean faces(MeshDistance.Query rays, Vec3 p, Vec3 n) {
        double reach = JointSpaceMapper.FACING_MM;
        return rays.ray(p.x(), p.y(), p.z(), n.x(), n.y(), n.z(), reach) <= reach;
    }
}
