package org.negvol.surface;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.negvol.volume.Vec3;

/**
 * The triangles of a mesh in the order of a tree's leaves, each with a disc in its plane that holds
 * it: what a query looks at lies together in memory. Gathered a block at a time when first asked
 * for, since queries near a joint see a small part of the temporal bone. Threads may share it.
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
    private static final int NUMBERS = 16;

    private static final int BLOCK_BITS = 8;
    private static final int IN_BLOCK = (1 << BLOCK_BITS) - 1;

    /** A hair, or rounding could leave a triangle's corner outside its disc. */
    private static final double SLACK = 1e-9;

    private final TriangleMesh mesh;
    private final int[] order;
    private final AtomicReferenceArray<double[]> blocks;

    /**
     * @param order the triangles in the order of the leaves
     */
    LeafTriangles(TriangleMesh mesh, int[] order) {
        this.mesh = mesh;
        this.order = order;
        blocks = new AtomicReferenceArray<>((order.length >> BLOCK_BITS) + 1);
    }

    /** The numbers of the triangle at a place of the order, among others; see {@link #at}. */
    double[] block(int place) {
        double[] known = blocks.getAcquire(place >> BLOCK_BITS);
        return known != null ? known : gathered(place >> BLOCK_BITS);
    }

    /** Where in its block the numbers of a triangle begin. */
    static int at(int place) {
        return NUMBERS * (place & IN_BLOCK);
    }

    /** Whether a disc comes nearer to a point than a limit, mm. */
    static boolean comesNearer(double[] block, int at, double x, double y, double z, double limit) {
        double dx = x - block[at];
        double dy = y - block[at + 1];
        double dz = z - block[at + 2];
        double squared = dx * dx + dy * dy + dz * dz;
        double radius = block[at + RADIUS];
        double ball = radius + limit;
        if (squared >= ball * ball) {
            return false;
        }
        double off =
                dx * block[at + NORMAL] + dy * block[at + NORMAL + 1] + dz * block[at + NORMAL + 2];
        double rest = limit * limit - off * off;
        if (!(rest > 0)) {
            return false;
        }
        double reach = radius + Math.sqrt(rest);
        return squared - off * off < reach * reach;
    }

    /** Of two threads that come here at once either array will do: they are equal. */
    private double[] gathered(int number) {
        int from = number << BLOCK_BITS;
        int n = Math.min(1 << BLOCK_BITS, order.length - from);
        double[] block = new double[NUMBERS * n];
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        for (int i = 0, o = 0; i < n; i++, o += NUMBERS) {
            int t = order[from + i];
            for (int q = 0; q < 3; q++) {
                block[o + A + q] = p[3 * c[3 * t] + q];
                block[o + B + q] = p[3 * c[3 * t + 1] + q];
                block[o + C + q] = p[3 * c[3 * t + 2] + q];
                block[o + q] = (block[o + A + q] + block[o + B + q] + block[o + C + q]) / 3;
            }
            double squared = 0;
            for (int corner = A; corner <= C; corner += 3) {
                double dx = block[o + corner] - block[o];
                double dy = block[o + corner + 1] - block[o + 1];
                double dz = block[o + corner + 2] - block[o + 2];
                squared = Math.max(squared, dx * dx + dy * dy + dz * dz);
            }
            block[o + RADIUS] = Math.sqrt(squared) + SLACK;
            Vec3 normal = mesh.twiceArea(t);
            double length = normal.norm();
            double scale = length > 0 ? 1 / length : 0;
            block[o + NORMAL] = normal.x() * scale;
            block[o + NORMAL + 1] = normal.y() * scale;
            block[o + NORMAL + 2] = normal.z() * scale;
        }
        blocks.setRelease(number, block);
        return block;
    }
}
