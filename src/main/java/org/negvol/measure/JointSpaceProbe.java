package org.negvol.measure;

import org.jspecify.annotations.Nullable;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/**
 * One joint space: from where a ray from the condyle's centre leaves the condyle, along the
 * condyle's outward normal there, to the temporal bone.
 */
final class JointSpaceProbe {

    /** No joint space is wider; beyond it there is no fossa on that side. */
    static final double FARTHEST_MM = 15;

    /**
     * The normal is the mean over this radius (mm): on a curved surface the sides cancel, and noise
     * of single voxels does not turn it.
     */
    private static final double NORMAL_RADIUS_MM = 0.8;

    /**
     * @param condyle where it starts
     * @param temporal where it ends
     */
    record Gap(Vec3 condyle, Vec3 temporal) {
        double mm() {
            return condyle.distanceTo(temporal);
        }
    }

    private final TriangleMesh condyle;
    private final MeshNormals normals;
    private final Rays condyleRays;
    private final Rays temporalRays;

    JointSpaceProbe(
            TriangleMesh condyle, MeshNormals normals, Rays condyleRays, Rays temporalRays) {
        this.condyle = condyle;
        this.normals = normals;
        this.condyleRays = condyleRays;
        this.temporalRays = temporalRays;
    }

    /** The joint space in a direction from the centre; null if no bone is met within 15 mm. */
    @Nullable Gap gap(Vec3 centre, Vec3 direction) {
        Vec3 start = condyleRays.last(centre, direction.normalised(), 40);
        if (start == null) {
            return null;
        }
        Vec3 normal = normalAt(start);
        if (normal == null) {
            return null;
        }
        Vec3 end = temporalRays.first(start, normal, FARTHEST_MM);
        return end == null ? null : new Gap(start, end);
    }

    /** Mean outward normal round a point of the surface, nearer vertices weighing more. */
    private @Nullable Vec3 normalAt(Vec3 p) {
        double[] xyz = condyle.xyzMm();
        double[] n = normals.normals;
        double x = 0;
        double y = 0;
        double z = 0;
        double r2 = NORMAL_RADIUS_MM * NORMAL_RADIUS_MM;
        for (int v = 0; v < xyz.length; v += 3) {
            double dx = xyz[v] - p.x();
            double dy = xyz[v + 1] - p.y();
            double dz = xyz[v + 2] - p.z();
            double d2 = dx * dx + dy * dy + dz * dz;
            if (d2 < r2) {
                double w = normals.areaMm2[v / 3] * (1 - d2 / r2);
                x += w * n[v];
                y += w * n[v + 1];
                z += w * n[v + 2];
            }
        }
        Vec3 sum = new Vec3(x, y, z);
        return sum.norm() > 0 ? sum.normalised() : null;
    }
}
