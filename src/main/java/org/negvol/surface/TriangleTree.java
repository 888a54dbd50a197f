package org.negvol.surface;

import java.util.Arrays;

/**
 * A bounding volume hierarchy over the triangles of a mesh: a complete binary tree over the
 * triangles in Morton order of their centres, so that it needs no pointers and is built in the time
 * of a sort. Node n has the children 2 n + 1 and 2 n + 2.
 */
final class TriangleTree {

    /** Triangles of a leaf. */
    static final int LEAF = 4;

    /** Numbers of a box: low x, y, z, high x, y, z. */
    private static final int BOX = 6;

    final TriangleMesh mesh;

    /** Triangles in the order of the leaves. */
    final int[] order;

    /** Inner nodes; the leaves follow. */
    final int inner;

    final double[] boxes;

    TriangleTree(TriangleMesh mesh) {
        this.mesh = mesh;
        int n = mesh.triangleCount();
        order = mortonOrder(mesh);
        int leaves = Math.max(1, Integer.highestOneBit(Math.max(1, Math.ceilDiv(n, LEAF) - 1)) * 2);
        if (n <= LEAF) {
            leaves = 1;
        }
        inner = leaves - 1;
        boxes = new double[BOX * (2 * leaves - 1)];
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        for (int node = 2 * leaves - 2; node >= 0; node--) {
            int b = BOX * node;
            Arrays.fill(boxes, b, b + 3, Double.POSITIVE_INFINITY);
            Arrays.fill(boxes, b + 3, b + 6, Double.NEGATIVE_INFINITY);
            if (node < inner) {
                for (int child = 2 * node + 1; child <= 2 * node + 2; child++) {
                    for (int q = 0; q < 3; q++) {
                        boxes[b + q] = Math.min(boxes[b + q], boxes[BOX * child + q]);
                        boxes[b + 3 + q] = Math.max(boxes[b + 3 + q], boxes[BOX * child + 3 + q]);
                    }
                }
                continue;
            }
            for (int i = first(node); i < end(node); i++) {
                for (int corner = 3 * order[i]; corner < 3 * order[i] + 3; corner++) {
                    int v = 3 * c[corner];
                    for (int q = 0; q < 3; q++) {
                        boxes[b + q] = Math.min(boxes[b + q], p[v + q]);
                        boxes[b + 3 + q] = Math.max(boxes[b + 3 + q], p[v + q]);
                    }
                }
            }
        }
    }

    boolean isLeaf(int node) {
        return node >= inner;
    }

    /** The first place in {@link #order} of a leaf: the triangles are spread evenly. */
    int first(int leaf) {
        return (int) ((long) order.length * (leaf - inner) / (inner + 1));
    }

    int end(int leaf) {
        return first(leaf + 1);
    }

    /** Squared distance of a point from a node's box; infinite for an empty one. */
    double squaredDistance(int node, double x, double y, double z) {
        int b = BOX * node;
        double dx = Math.max(0, Math.max(boxes[b] - x, x - boxes[b + 3]));
        double dy = Math.max(0, Math.max(boxes[b + 1] - y, y - boxes[b + 4]));
        double dz = Math.max(0, Math.max(boxes[b + 2] - z, z - boxes[b + 5]));
        return dx * dx + dy * dy + dz * dz;
    }

    boolean overlap(int a, int b) {
        int p = BOX * a;
        int q = BOX * b;
        return boxes[p] <= boxes[q + 3]
                && boxes[q] <= boxes[p + 3]
                && boxes[p + 1] <= boxes[q + 4]
                && boxes[q + 1] <= boxes[p + 4]
                && boxes[p + 2] <= boxes[q + 5]
                && boxes[q + 2] <= boxes[p + 5];
    }

    private static int[] mortonOrder(TriangleMesh mesh) {
        int n = mesh.triangleCount();
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        double[] low = {1e300, 1e300, 1e300};
        double extent = 1e-9;
        for (int v = 0; v < p.length; v++) {
            if (!Double.isFinite(p[v])) {
                throw new IllegalArgumentException("vertex " + v / 3 + " is not finite");
            }
            low[v % 3] = Math.min(low[v % 3], p[v]);
        }
        for (int v = 0; v < p.length; v++) {
            extent = Math.max(extent, p[v] - low[v % 3]);
        }
        // 12 bits an axis: 4096 steps across the mesh, far finer than a leaf. The triangle's number
        // fills the low bits, so that sorting is a sort of longs and ties have one order.
        double scale = 4095 / (3 * extent);
        long[] keys = new long[n];
        for (int t = 0; t < n; t++) {
            int a = 3 * c[3 * t];
            int b = 3 * c[3 * t + 1];
            int d = 3 * c[3 * t + 2];
            long key = 0;
            for (int q = 0; q < 3; q++) {
                double s = p[a + q] + p[b + q] + p[d + q] - 3 * low[q];
                key |= spread((int) (s * scale)) << q;
            }
            keys[t] = key << 27 | t;
        }
        Arrays.sort(keys);
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) (keys[i] & (1 << 27) - 1);
        }
        return order;
    }

    /** Two zero bits between the bits of a number of 12 bits. */
    private static long spread(int v) {
        long x = v;
        x = (x | x << 16) & 0xFF0000FFL;
        x = (x | x << 8) & 0x0F00F00FL;
        x = (x | x << 4) & 0xC30C30C3L;
        return (x | x << 2) & 0x249249249L;
    }
}
