package org.negvol.cli;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * A condyle drawn by hand as closed lines in axial planes. Between two planes its border is where
 * the mean of the signed distances to both lines, by height, is zero; above the highest plane and
 * below the lowest there is none of it.
 */
final class CondyleOutline {

    /** So far from the lines, in mm, nobody asks for the field's value. */
    private static final double MARGIN_MM = 4;

    /** A plane's height, LPS mm, and the corners of the line in it. */
    record Plane(double z, List<Vec3> corners) {}

    private final double[] z;
    private final double[][] x;
    private final double[][] y;
    private final Vec3 least;
    private final Vec3 most;

    /**
     * @param planes two at least, none at the same height, of three corners each at least
     */
    CondyleOutline(List<Plane> planes) {
        List<Plane> upwards = planes.stream().sorted(Comparator.comparingDouble(Plane::z)).toList();
        z = upwards.stream().mapToDouble(Plane::z).toArray();
        x = coordinates(upwards, 0);
        y = coordinates(upwards, 1);
        least = new Vec3(extreme(x, -1), extreme(y, -1), z[0]);
        most = new Vec3(extreme(x, 1), extreme(y, 1), z[z.length - 1]);
    }

    private static double[][] coordinates(List<Plane> planes, int axis) {
        return planes.stream()
                .map(
                        p ->
                                p.corners().stream()
                                        .mapToDouble(c -> axis == 0 ? c.x() : c.y())
                                        .toArray())
                .toArray(double[][]::new);
    }

    private static double extreme(double[][] values, int sign) {
        return sign
                * Arrays.stream(values)
                        .flatMapToDouble(Arrays::stream)
                        .map(v -> sign * v)
                        .max()
                        .orElseThrow();
    }

    /** The height of the lowest plane, LPS mm: nothing is said of what lies below. */
    double lowestMm() {
        return z[0];
    }

    /**
     * The outline as an implicit field on a grid, negative inside, mm; not an exact distance.
     *
     * @param toDrawn takes the grid's patient coordinates to those the outline was drawn in
     */
    ScalarVolume on(VolumeGeometry grid, Affine toDrawn) {
        float[] values = new float[(int) grid.voxelCount()];
        for (int k = 0, o = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++, o++) {
                    values[o] = (float) at(toDrawn.apply(grid.toPatient(i, j, k)));
                }
            }
        }
        return new ScalarVolume(grid, values);
    }

    private double at(Vec3 p) {
        double beside =
                Math.max(
                        Math.max(least.x() - p.x(), p.x() - most.x()),
                        Math.max(least.y() - p.y(), p.y() - most.y()));
        double beyond = Math.max(least.z() - p.z(), p.z() - most.z());
        if (Math.max(beside, beyond) > MARGIN_MM) {
            return MARGIN_MM;
        }
        int plane = Arrays.binarySearch(z, p.z());
        int above = Math.clamp(plane < 0 ? -1 - plane : plane, 1, z.length - 1);
        double share = Math.clamp((p.z() - z[above - 1]) / (z[above] - z[above - 1]), 0, 1);
        double between =
                (1 - share) * inPlane(above - 1, p.x(), p.y())
                        + share * inPlane(above, p.x(), p.y());
        return Math.max(between, beyond);
    }

    /** Signed distance of a point from the line in a plane. */
    private double inPlane(int plane, double px, double py) {
        double[] xs = x[plane];
        double[] ys = y[plane];
        double nearest = Double.POSITIVE_INFINITY;
        boolean inside = false;
        for (int b = 0, a = xs.length - 1; b < xs.length; a = b++) {
            double ex = xs[b] - xs[a];
            double ey = ys[b] - ys[a];
            double length = ex * ex + ey * ey;
            double t =
                    length == 0
                            ? 0
                            : Math.clamp(((px - xs[a]) * ex + (py - ys[a]) * ey) / length, 0, 1);
            nearest = Math.min(nearest, Math.hypot(px - xs[a] - t * ex, py - ys[a] - t * ey));
            if (ys[a] > py != ys[b] > py && px < xs[a] + (py - ys[a]) * ex / ey) {
                inside = !inside;
            }
        }
        return inside ? -nearest : nearest;
    }
}
