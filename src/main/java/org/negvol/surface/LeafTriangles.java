package org.negvol.surface;

import org.negvol.volume.Vec3;

/**
 * The triangles of a branch of a tree in the order of its leaves, each with a disc in its plane
 * that holds it: what a query looks at lies together in memory.
 *
 * <p>No point of a triangle is nearer than its disc, and the disc's distance costs a tenth of the
 * triangle's.
 */
final class LeafTriangles {

    /** Place of the disc's radius among a triangle's numbers; its middle comes before. */
    private static final int RADIUS = 3;

    /** The disc's unit normal, zero for a triangle without area. */
    private static final int NORMAL = 4;

    /** The corners' coordinates. */
    static final int A = 7;

    static final int B = A + 3;
    static final int C = B + 3;

    /** Numbers of a triangle; they fill two cache lines. */
    static final int NUMBERS = 16;

    /** A hair, or rounding could leave a triangle's corner outside its disc. */
    private static final double SLACK = 1e-9;

    private LeafTriangles() {}

    /** Whether a disc comes nearer to a point than a limit, mm. */
    static boolean comesNearer(
            double[] numbers, int at, double x, double y, double z, double limit) {
        double dx = x - numbers[at];
        double dy = y - numbers[at + 1];
        double dz = z - numbers[at + 2];
        double squared = dx * dx + dy * dy + dz * dz;
        double radius = numbers[at + RADIUS];
        double ball = radius + limit;
        if (squared >= ball * ball) {
            return false;
        }
        double off =
                dx * numbers[at + NORMAL]
                        + dy * numbers[at + NORMAL + 1]
                        + dz * numbers[at + NORMAL + 2];
        double rest = limit * limit - off * off;
        if (!(rest > 0)) {
            return false;
        }
        double reach = radius + Math.sqrt(rest);
        return squared - off * off < reach * reach;
    }

    /** The numbers of the triangles at some places of an order. */
    static double[] of(TriangleMesh mesh, int[] order, int from, int to) {
        double[] numbers = new double[NUMBERS * (to - from)];
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        for (int i = from, o = 0; i < to; i++, o += NUMBERS) {
            int t = order[i];
            for (int q = 0; q < 3; q++) {
                numbers[o + A + q] = p[3 * c[3 * t] + q];
                numbers[o + B + q] = p[3 * c[3 * t + 1] + q];
                numbers[o + C + q] = p[3 * c[3 * t + 2] + q];
                numbers[o + q] = (numbers[o + A + q] + numbers[o + B + q] + numbers[o + C + q]) / 3;
            }
            double squared = 0;
            for (int corner = A; corner <= C; corner += 3) {
                double dx = numbers[o + corner] - numbers[o];
                double dy = numbers[o + corner + 1] - numbers[o + 1];
                double dz = numbers[o + corner + 2] - numbers[o + 2];
                squared = Math.max(squared, dx * dx + dy * dy + dz * dz);
            }
            numbers[o + RADIUS] = Math.sqrt(squared) + SLACK;
            Vec3 normal = mesh.twiceArea(t);
            double length = normal.norm();
            double scale = length > 0 ? 1 / length : 0;
            numbers[o + NORMAL] = normal.x() * scale;
            numbers[o + NORMAL + 1] = normal.y() * scale;
            numbers[o + NORMAL + 2] = normal.z() * scale;
        }
        return numbers;
    }
}
