package org.negvol.report;

import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/** Where a plane cuts a triangle surface. */
final class PlanePictureSection {

    private PlanePictureSection() {}

    /**
     * The outlines of a closed surface on a plane, each closed; of an open surface, pieces that end
     * at its border.
     *
     * @param origin a point of the plane, LPS mm
     * @param right unit vector in the plane
     * @param down unit vector in the plane, square to {@code right}
     * @return outlines in mm from the origin along {@code right} and {@code down}
     */
    static Path2D of(TriangleMesh mesh, Vec3 origin, Vec3 right, Vec3 down) {
        double[] above = along(mesh, origin, right.cross(down));
        double[] u = along(mesh, origin, right);
        double[] v = along(mesh, origin, down);
        int[] t = mesh.triangles();
        // A vertex on the plane belongs above it: each triangle is cut on two edges or on none.
        Map<Long, Integer> pointOfEdge = new HashMap<>();
        List<double[]> points = new ArrayList<>();
        Map<Integer, List<Integer>> neighbours = new HashMap<>();
        for (int i = 0; i < t.length; i += 3) {
            int from = -1;
            for (int e = 0; e < 3; e++) {
                int a = t[i + e];
                int b = t[i + (e + 1) % 3];
                double da = above[a];
                double db = above[b];
                if (da >= 0 == db >= 0) {
                    continue;
                }
                long key = (long) Math.min(a, b) << 32 | Math.max(a, b);
                Integer known = pointOfEdge.get(key);
                int point;
                if (known == null) {
                    point = points.size();
                    pointOfEdge.put(key, point);
                    double s = da / (da - db);
                    points.add(new double[] {u[a] + s * (u[b] - u[a]), v[a] + s * (v[b] - v[a])});
                } else {
                    point = known;
                }
                if (from < 0) {
                    from = point;
                } else {
                    neighbours.computeIfAbsent(from, k -> new ArrayList<>(2)).add(point);
                    neighbours.computeIfAbsent(point, k -> new ArrayList<>(2)).add(from);
                }
            }
        }
        return chain(points, neighbours);
    }

    /** Distance of every vertex from the origin along a direction. */
    private static double[] along(TriangleMesh mesh, Vec3 origin, Vec3 direction) {
        double[] p = mesh.xyzMm();
        double[] d = new double[mesh.vertexCount()];
        for (int i = 0; i < d.length; i++) {
            d[i] =
                    (p[3 * i] - origin.x()) * direction.x()
                            + (p[3 * i + 1] - origin.y()) * direction.y()
                            + (p[3 * i + 2] - origin.z()) * direction.z();
        }
        return d;
    }

    private static Path2D chain(List<double[]> points, Map<Integer, List<Integer>> neighbours) {
        Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
        boolean[] seen = new boolean[points.size()];
        // Open pieces first, from one of their ends; what is left are closed outlines.
        for (boolean open : new boolean[] {true, false}) {
            for (int start = 0; start < points.size(); start++) {
                List<Integer> beside = neighbours.getOrDefault(start, List.of());
                if (seen[start] || beside.isEmpty() || (open && beside.size() != 1)) {
                    continue;
                }
                int at = start;
                path.moveTo(points.get(at)[0], points.get(at)[1]);
                while (at >= 0) {
                    seen[at] = true;
                    int next = -1;
                    for (int n : neighbours.getOrDefault(at, List.of())) {
                        if (!seen[n]) {
                            next = n;
                            break;
                        }
                    }
                    if (next >= 0) {
                        path.lineTo(points.get(next)[0], points.get(next)[1]);
                    }
                    at = next;
                }
                if (!open) {
                    path.closePath();
                }
            }
        }
        return path;
    }
}
