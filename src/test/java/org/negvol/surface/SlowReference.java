package org.negvol.surface;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * The negative volume by counting points: a second, slow way from the same two fields to the same
 * definition, without a mesh of the bones, an inflation or a lattice of lines.
 *
 * <p>A point counts if it lies in neither bone, above the neck's cut, inside the convex hull of the
 * temporal bone near the condyle, no further than the reach from the condyle, and sees the nearest
 * point of the condyle without bone in between.
 */
final class SlowReference {

    /** Every so-manieth voxel along each axis is asked. */
    private static final int STRIDE = 2;

    private static final double CELL_MM = 2;

    private final ScalarVolume mandible;
    private final ScalarVolume temporal;
    private final JointSurfaces joint;

    private SlowReference(ScalarVolume mandible, ScalarVolume temporal, JointSurfaces joint) {
        this.mandible = mandible;
        this.temporal = temporal;
        this.joint = joint;
    }

    /** Volume in mm³; of the joint only axis and cut of the neck, and the parameters are used. */
    static double volumeMm3(
            ScalarVolume mandible, ScalarVolume temporal, Vec3 centre, JointSurfaces joint) {
        return new SlowReference(mandible, temporal, joint).run(centre);
    }

    private double run(Vec3 centre) {
        double reach = joint.parameters().reachMm();
        double rim = joint.parameters().rimWithinMm();
        Vec3 axis = joint.condyleAxis();
        double plane = joint.neckCutPoint().dot(axis);
        List<Vec3> condyle = new ArrayList<>();
        List<Vec3> above = new ArrayList<>();
        for (Vec3 p : surface(mandible)) {
            double h = p.dot(axis) - plane;
            if (p.distanceTo(centre) < 18 && h > -StartSurface.BELOW_CUT_MM) {
                condyle.add(p);
                if (h > 0) {
                    above.add(p);
                }
            }
        }
        Cells own = new Cells(condyle);
        Cells head = new Cells(above);
        List<Vec3> rimPoints = new ArrayList<>();
        for (Vec3 p : surface(temporal)) {
            Vec3 near = head.nearest(p, rim);
            if (near != null) {
                rimPoints.add(p);
            }
        }
        MeshDistance.Query mouth = mouth(rimPoints).query();
        VolumeGeometry g = mandible.geometry();
        long inside = 0;
        for (int k = 0; k < g.slices(); k += STRIDE) {
            for (int j = 0; j < g.rows(); j += STRIDE) {
                for (int i = 0; i < g.columns(); i += STRIDE) {
                    double free = mandible.get(i, j, k);
                    if (free <= 0 || free > 2 * reach || temporal.get(i, j, k) <= 0) {
                        continue;
                    }
                    Vec3 p = g.toPatient(i, j, k);
                    if (p.dot(axis) < plane || mouth.signedDistanceMm(p.x(), p.y(), p.z()) > 0) {
                        continue;
                    }
                    Vec3 near = own.nearest(p, reach);
                    if (near != null && sees(p, near)) {
                        inside++;
                    }
                }
            }
        }
        return inside * g.voxelVolumeMm3() * STRIDE * STRIDE * STRIDE;
    }

    private static MeshDistance mouth(List<Vec3> points) {
        double[] xyz = new double[3 * points.size()];
        for (int n = 0; n < points.size(); n++) {
            xyz[3 * n] = points.get(n).x();
            xyz[3 * n + 1] = points.get(n).y();
            xyz[3 * n + 2] = points.get(n).z();
        }
        return MeshDistance.of(Objects.requireNonNull(ConvexHull.of(xyz)));
    }

    private boolean sees(Vec3 p, Vec3 q) {
        Vec3 d = q.minus(p);
        int steps = (int) Math.ceil(d.norm() / 0.1);
        for (int s = 1; s < steps; s++) {
            if (temporal.sample(p.plus(d.times(s / (double) steps))) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Points where the field passes zero along the lines of the grid. */
    private static List<Vec3> surface(ScalarVolume field) {
        VolumeGeometry g = field.geometry();
        Affine m = g.indexToPatient();
        List<Vec3> points = new ArrayList<>();
        int[][] ways = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        for (int k = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++) {
                    for (int[] w : ways) {
                        if (i + w[0] < g.columns()
                                && j + w[1] < g.rows()
                                && k + w[2] < g.slices()) {
                            double a = field.get(i, j, k);
                            double b = field.get(i + w[0], j + w[1], k + w[2]);
                            if (a < 0 != b < 0) {
                                double t = a / (a - b);
                                points.add(m.apply(i + t * w[0], j + t * w[1], k + t * w[2]));
                            }
                        }
                    }
                }
            }
        }
        return points;
    }

    /** Points in cubic cells. */
    private static final class Cells {
        private final Vec3 low;
        private final int[] size = new int[3];
        private final List<List<Vec3>> cells = new ArrayList<>();

        Cells(List<Vec3> points) {
            double[] min = {1e300, 1e300, 1e300};
            double[] max = {-1e300, -1e300, -1e300};
            for (Vec3 p : points) {
                double[] x = {p.x(), p.y(), p.z()};
                for (int q = 0; q < 3; q++) {
                    min[q] = Math.min(min[q], x[q]);
                    max[q] = Math.max(max[q], x[q]);
                }
            }
            low = new Vec3(min[0], min[1], min[2]);
            int n = 1;
            for (int q = 0; q < 3; q++) {
                size[q] = (int) ((max[q] - min[q]) / CELL_MM) + 1;
                n *= size[q];
            }
            for (int i = 0; i < n; i++) {
                cells.add(new ArrayList<>());
            }
            for (Vec3 p : points) {
                int[] c = cell(p);
                cells.get(c[0] + size[0] * (c[1] + size[1] * c[2])).add(p);
            }
        }

        private int[] cell(Vec3 p) {
            Vec3 d = p.minus(low);
            return new int[] {
                (int) Math.floor(d.x() / CELL_MM),
                (int) Math.floor(d.y() / CELL_MM),
                (int) Math.floor(d.z() / CELL_MM)
            };
        }

        @Nullable Vec3 nearest(Vec3 p, double within) {
            int[] at = cell(p);
            double best = within;
            Vec3 found = null;
            for (int ring = 0; (ring - 1) * CELL_MM < best; ring++) {
                for (int c = at[2] - ring; c <= at[2] + ring; c++) {
                    for (int b = at[1] - ring; b <= at[1] + ring; b++) {
                        for (int a = at[0] - ring; a <= at[0] + ring; a++) {
                            int far =
                                    Math.max(
                                            Math.abs(a - at[0]),
                                            Math.max(Math.abs(b - at[1]), Math.abs(c - at[2])));
                            if (far != ring
                                    || a < 0
                                    || b < 0
                                    || c < 0
                                    || a >= size[0]
                                    || b >= size[1]
                                    || c >= size[2]) {
                                continue;
                            }
                            for (Vec3 q : cells.get(a + size[0] * (b + size[1] * c))) {
                                double d = q.distanceTo(p);
                                if (d < best) {
                                    best = d;
                                    found = q;
                                }
                            }
                        }
                    }
                }
            }
            return found;
        }
    }
}
