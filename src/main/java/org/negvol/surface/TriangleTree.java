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

    /** 4096 steps across the mesh, far finer than a leaf. */
    private static final int ORDER_BITS = 12;

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
        order = MortonOrder.of(mesh.centroids(), finite(mesh.xyzMm()), ORDER_BITS);
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
        return gap(x, boxes[b], boxes[b + 3])
                + gap(y, boxes[b + 1], boxes[b + 4])
                + gap(z, boxes[b + 2], boxes[b + 5]);
    }

    /** Square of how far a number lies outside an interval, without a branch or a maximum. */
    private static double gap(double x, double low, double high) {
        double twice = Math.abs(x - low) + Math.abs(x - high) - (high - low);
        return twice * twice / 4;
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

    private static double[] finite(double[] xyzMm) {
        for (int i = 0; i < xyzMm.length; i++) {
            if (!Double.isFinite(xyzMm[i])) {
                throw new IllegalArgumentException("vertex " + i / 3 + " is not finite");
            }
        }
        return xyzMm;
    }
}
