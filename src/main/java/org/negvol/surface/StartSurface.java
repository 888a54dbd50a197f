package org.negvol.surface;

import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The surface that is inflated: the condyle with a stretch of neck below the cut, with vertices
 * evenly spaced whatever the scan's grid is.
 *
 * <p>It is extracted on a grid in the condyle's own frame, so that it turns with the condyle; its
 * vertices are then spread (each moves to the mean of its neighbours) and put back onto the
 * condyle's surface.
 */
final class StartSurface {

    /**
     * How far below the cut the surface reaches, mm: what is inflated from the neck's end stays
     * below the cut then, unless the neck widens by more than 30° downwards.
     */
    static final double BELOW_CUT_MM = 3;

    /** Rounds of spreading the vertices. */
    private static final int ROUNDS = 3;

    private StartSurface() {}

    /**
     * @param field the condyle's field, positive everywhere else
     * @param surface the condyle's surface by that field
     */
    static TriangleMesh of(
            ScalarVolume field, MeshDistance surface, Condyle condyle, double edgeMm) {
        Vec3 u = longAxis(surface.mesh(), condyle);
        Vec3 v = condyle.axis().cross(u);
        Vec3[] axes = {u, v, condyle.axis()};
        double end = Math.min(condyle.cutDepthMm(), 1e6) + BELOW_CUT_MM;
        double[] low = {1e300, 1e300, 1e300};
        double[] high = {-1e300, -1e300, -1e300};
        for (int n = 0; n < surface.mesh().vertexCount(); n++) {
            Vec3 d = surface.mesh().vertex(n).minus(condyle.topMm());
            if (-d.dot(condyle.axis()) > end) {
                continue;
            }
            for (int q = 0; q < 3; q++) {
                double s = d.dot(axes[q]);
                low[q] = Math.min(low[q], s);
                high[q] = Math.max(high[q], s);
            }
        }
        int[] size = new int[3];
        Vec3 origin = condyle.topMm();
        for (int q = 0; q < 3; q++) {
            size[q] = (int) Math.ceil((high[q] - low[q]) / edgeMm) + 5;
            double middle = (high[q] + low[q]) / 2;
            origin = origin.plus(axes[q].times(middle - (size[q] - 1) * edgeMm / 2));
        }
        VolumeGeometry g =
                new VolumeGeometry(
                        size[0],
                        size[1],
                        size[2],
                        Affine.ofColumns(
                                u.times(edgeMm),
                                v.times(edgeMm),
                                condyle.axis().times(edgeMm),
                                origin));
        TriangleMesh mesh = IsoSurface.extract(sampled(field, g, condyle, end), 0);
        return spread(mesh, surface, condyle, end - edgeMm);
    }

    private static ScalarVolume sampled(
            ScalarVolume field, VolumeGeometry g, Condyle condyle, double end) {
        Affine toIndex = field.geometry().indexToPatient().inverse().after(g.indexToPatient());
        float[] values = new float[Math.toIntExact(g.voxelCount())];
        double[] m = new double[12];
        for (int q = 0; q < 12; q++) {
            m[q] = toIndex.get(q / 4, q % 4);
        }
        for (int k = 0; k < g.slices(); k++) {
            Vec3 o = g.toPatient(0, 0, k);
            double below = condyle.depthMm(o.x(), o.y(), o.z()) - end;
            for (int j = 0; j < g.rows(); j++) {
                int at = g.index(0, j, k);
                for (int i = 0; i < g.columns(); i++) {
                    double d =
                            field.sampleIndex(
                                    m[0] * i + m[1] * j + m[2] * k + m[3],
                                    m[4] * i + m[5] * j + m[6] * k + m[7],
                                    m[8] * i + m[9] * j + m[10] * k + m[11]);
                    values[at + i] = (float) Math.max(d, below);
                }
            }
        }
        return new ScalarVolume(g, values);
    }

    /** Direction in which the condyle is widest, perpendicular to its axis. */
    private static Vec3 longAxis(TriangleMesh mesh, Condyle condyle) {
        Vec3 u = CondyleIsolation.perpendicular(condyle.axis());
        Vec3 v = condyle.axis().cross(u);
        double su = 0;
        double sv = 0;
        double n = 0;
        double uu = 0;
        double uv = 0;
        double vv = 0;
        for (int i = 0; i < mesh.vertexCount(); i++) {
            Vec3 d = mesh.vertex(i).minus(condyle.topMm());
            if (-d.dot(condyle.axis()) < condyle.cutDepthMm()) {
                double a = d.dot(u);
                double b = d.dot(v);
                n++;
                su += a;
                sv += b;
                uu += a * a;
                uv += a * b;
                vv += b * b;
            }
        }
        if (n == 0) {
            return u;
        }
        double angle =
                0.5 * Math.atan2(2 * (uv - su * sv / n), (uu - su * su / n) - (vv - sv * sv / n));
        return u.times(Math.cos(angle)).plus(v.times(Math.sin(angle)));
    }

    /** Evens out the triangles; what lies at the lower end stays. */
    private static TriangleMesh spread(
            TriangleMesh mesh, MeshDistance surface, Condyle condyle, double end) {
        int n = mesh.vertexCount();
        int[] c = mesh.triangles();
        double[] x = mesh.xyzMm().clone();
        double[] sum = new double[3 * n];
        int[] count = new int[n];
        for (int s = 0; s < c.length; s++) {
            count[c[s]]++;
        }
        MeshDistance.Query q = surface.query();
        int[] likely = new int[n];
        for (int round = 0; round <= ROUNDS; round++) {
            java.util.Arrays.fill(sum, 0);
            for (int s = 0; s < c.length; s++) {
                int a = 3 * c[s];
                int b = 3 * c[MeshEdges.next(s)];
                sum[a] += x[b];
                sum[a + 1] += x[b + 1];
                sum[a + 2] += x[b + 2];
            }
            for (int v = 0; v < n; v++) {
                if (condyle.depthMm(x[3 * v], x[3 * v + 1], x[3 * v + 2]) > end) {
                    continue;
                }
                double[] p = {x[3 * v], x[3 * v + 1], x[3 * v + 2]};
                if (round > 0) {
                    for (int axis = 0; axis < 3; axis++) {
                        p[axis] = (p[axis] + sum[3 * v + axis] / count[v]) / 2;
                    }
                }
                int hint = round > 0 || v == 0 ? likely[v] : likely[v - 1];
                if (q.nearest(p[0], p[1], p[2], 2, hint)) {
                    likely[v] = q.triangle();
                    x[3 * v] = q.coordinate(0);
                    x[3 * v + 1] = q.coordinate(1);
                    x[3 * v + 2] = q.coordinate(2);
                }
            }
        }
        return new TriangleMesh(x, c);
    }
}
