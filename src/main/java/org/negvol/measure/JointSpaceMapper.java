package org.negvol.measure;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.negvol.surface.MeshDistance;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;

/**
 * The joint space at every vertex of the condyle that faces the fossa.
 *
 * <p>A vertex faces the fossa if it lies above the level of the condyle's centre and a ray along
 * its normal meets the temporal bone within {@value #FACING_MM} mm. Its joint space is the exact
 * distance to the temporal bone's mesh; 0 within the temporal bone.
 */
final class JointSpaceMapper {

    /** Further away than this a bone is not the condyle's counterpart. */
    static final double FACING_MM = 12;

    private JointSpaceMapper() {}

    /** Null where no vertex faces the fossa. */
    static @Nullable JointSpaceMap map(
            TriangleMesh condyle,
            MeshNormals normals,
            JointFrame frame,
            MeshDistance temporal,
            ScalarVolume temporalMm) {
        int n = condyle.vertexCount();
        float[] distance = new float[n];
        Arrays.fill(distance, Float.NaN);
        @Nullable Region[] region = new @Nullable Region[n];
        MeshDistance.Query query = temporal.query();
        MeshDistance.Query rays = temporal.query();
        double[] p = condyle.xyzMm();
        int likely = -1;
        for (int v = 0; v < n; v++) {
            Vec3 at = condyle.vertex(v);
            Vec3 c = frame.coordinates(at);
            if (c.z() < 0) {
                continue;
            }
            double t =
                    rays.ray(
                            at.x(),
                            at.y(),
                            at.z(),
                            normals.normals[3 * v],
                            normals.normals[3 * v + 1],
                            normals.normals[3 * v + 2],
                            FACING_MM);
            if (!(t <= FACING_MM)) {
                continue;
            }
            if (temporalMm.sample(at) < 0) {
                distance[v] = 0;
            } else {
                int start = likely >= 0 ? likely : rays.triangle();
                query.nearest(
                        p[3 * v], p[3 * v + 1], p[3 * v + 2], Double.POSITIVE_INFINITY, start);
                likely = query.triangle();
                distance[v] = (float) query.distanceMm();
            }
            region[v] = frame.region(at);
        }
        Map<Region, JointSpaceMap.Statistics> regions = new EnumMap<>(Region.class);
        for (Region r : Region.values()) {
            JointSpaceMap.Statistics s = statistics(distance, normals.areaMm2, region, r);
            if (s != null) {
                regions.put(r, s);
            }
        }
        JointSpaceMap.Statistics all = statistics(distance, normals.areaMm2, region, null);
        return all == null ? null : new JointSpaceMap(distance, all.areaMm2(), all, regions);
    }

    private static JointSpaceMap.@Nullable Statistics statistics(
            float[] distance, double[] area, @Nullable Region[] region, @Nullable Region wanted) {
        float[] values = new float[distance.length];
        double[] weights = new double[distance.length];
        int n = 0;
        for (int v = 0; v < distance.length; v++) {
            if (!Float.isNaN(distance[v]) && (wanted == null || region[v] == wanted)) {
                values[n] = distance[v];
                weights[n++] = area[v];
            }
        }
        WeightedSample s = WeightedSample.of(values, weights, n);
        if (s == null) {
            return null;
        }
        return new JointSpaceMap.Statistics(
                s.totalWeight(),
                s.mean(),
                s.standardDeviation(),
                s.min(),
                s.quantile(0.05),
                s.quantile(0.25),
                s.quantile(0.5),
                s.quantile(0.75),
                s.quantile(0.95),
                s.max());
    }
}
