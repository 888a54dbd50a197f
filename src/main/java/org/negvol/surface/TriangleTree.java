package org.negvol.surface;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A bounding volume hierarchy over the triangles of a mesh: a complete binary tree over parts of
 * the mesh that are equal in number and compact in space (see {@link CompactOrder}), so that it
 * needs no pointers. Node n has the children 2 n + 1 and 2 n + 2.
 *
 * <p>Made down to branches of some hundred triangles. A branch is made when somebody first comes
 * there ({@link #isLeaf}), since queries near a joint see a small part of the temporal bone.
 * Threads may share the tree.
 */
final class TriangleTree {

    /** Triangles of a leaf. */
    static final int LEAF = 4;

    /** Leaves of a branch, as a power of two. */
    private static final int BRANCH_BITS = 7;

    /** Numbers of a box: low x, y, z, high x, y, z. */
    private static final int BOX = 6;

    final TriangleMesh mesh;

    /** Triangles in the order of the leaves; within a branch, once that was made. */
    final int[] order;

    final double[] boxes;

    /** Inner nodes; the leaves follow. */
    private final int inner;

    /** Leaves of the tree, as a power of two. */
    private final int bits;

    /** Leaves of each branch, as a power of two; a small tree is but one branch. */
    private final int branchBits;

    /** The first node that is a branch's root; the others follow. */
    private final int firstBranch;

    /** Whether a branch was made. */
    private final AtomicIntegerArray made;

    /** The triangles of each branch that was made. */
    private final double[][] triangles;

    TriangleTree(TriangleMesh mesh) {
        this.mesh = mesh;
        requireFinite(mesh.xyzMm());
        int n = mesh.triangleCount();
        bits = n <= LEAF ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros((n - 1) / LEAF);
        inner = (1 << bits) - 1;
        boxes = new double[BOX * (2 * inner + 1)];
        branchBits = Math.min(bits, BRANCH_BITS);
        int branches = 1 << (bits - branchBits);
        firstBranch = branches - 1;
        made = new AtomicIntegerArray(branches);
        triangles = new double[branches][];
        int[] places = new int[branches + 1];
        for (int b = 0; b <= branches; b++) {
            places[b] = place(n, b << branchBits);
        }
        order = CompactOrder.of(mesh.centroids(), places);
        for (int b = 0; b < branches; b++) {
            enclose(firstBranch + b, places[b], places[b + 1]);
        }
        for (int node = firstBranch - 1; node >= 0; node--) {
            enclose(node);
        }
    }

    /** Where a leaf begins: the triangles are spread evenly. */
    private int place(int n, int leaf) {
        return (int) (((long) n * leaf) >> bits);
    }

    /**
     * Whether a node is a leaf; if it is not, its children may be looked at afterwards.
     *
     * @param node the root or a child of a node for which this was asked
     */
    boolean isLeaf(int node) {
        int branch = node - firstBranch;
        if (branch >= 0 && branch < triangles.length && made.getAcquire(branch) == 0) {
            make(branch);
        }
        return node >= inner;
    }

    /** The first place in {@link #order} of a leaf. */
    int first(int leaf) {
        return place(order.length, leaf - inner);
    }

    int end(int leaf) {
        return first(leaf + 1);
    }

    /** The numbers of the triangles of a leaf's branch, see {@link LeafTriangles}. */
    double[] triangles(int leaf) {
        return triangles[(leaf - inner) >> branchBits];
    }

    /** Where among them those of a leaf begin. */
    int start(int leaf) {
        int firstLeaf = (leaf - inner) >> branchBits << branchBits;
        return LeafTriangles.NUMBERS * (first(leaf) - place(order.length, firstLeaf));
    }

    private synchronized void make(int branch) {
        if (made.getPlain(branch) != 0) {
            return;
        }
        int n = order.length;
        int leaves = 1 << branchBits;
        int[] places = new int[leaves + 1];
        int from = place(n, branch << branchBits);
        for (int leaf = 0; leaf <= leaves; leaf++) {
            places[leaf] = place(n, (branch << branchBits) + leaf) - from;
        }
        int[] before = Arrays.copyOfRange(order, from, from + places[leaves]);
        int[] now = CompactOrder.of(mesh.centroids(before), places);
        for (int i = 0; i < now.length; i++) {
            order[from + i] = before[now[i]];
        }
        // The branch's nodes, level by level from its leaves up.
        int first = firstBranch + branch;
        int last = first;
        while (last < inner) {
            first = 2 * first + 1;
            last = 2 * last + 2;
        }
        for (int leaf = first; leaf <= last; leaf++) {
            enclose(leaf, first(leaf), end(leaf));
        }
        while (last > first) {
            first = (first - 1) / 2;
            last = (last - 1) / 2;
            for (int node = first; node <= last; node++) {
                enclose(node);
            }
        }
        triangles[branch] = LeafTriangles.of(mesh, order, from, from + now.length);
        made.setRelease(branch, 1);
    }

    /** Makes a node's box that of some triangles. */
    private void enclose(int node, int from, int to) {
        double[] p = mesh.xyzMm();
        int[] c = mesh.triangles();
        double lowX = Double.POSITIVE_INFINITY;
        double lowY = lowX;
        double lowZ = lowX;
        double highX = Double.NEGATIVE_INFINITY;
        double highY = highX;
        double highZ = highX;
        for (int i = from; i < to; i++) {
            for (int corner = 3 * order[i]; corner < 3 * order[i] + 3; corner++) {
                int v = 3 * c[corner];
                lowX = Math.min(lowX, p[v]);
                highX = Math.max(highX, p[v]);
                lowY = Math.min(lowY, p[v + 1]);
                highY = Math.max(highY, p[v + 1]);
                lowZ = Math.min(lowZ, p[v + 2]);
                highZ = Math.max(highZ, p[v + 2]);
            }
        }
        int b = BOX * node;
        boxes[b] = lowX;
        boxes[b + 1] = lowY;
        boxes[b + 2] = lowZ;
        boxes[b + 3] = highX;
        boxes[b + 4] = highY;
        boxes[b + 5] = highZ;
    }

    /** Makes a node's box that of its children's boxes. */
    private void enclose(int node) {
        int b = BOX * node;
        int left = BOX * (2 * node + 1);
        int right = left + BOX;
        for (int q = 0; q < 3; q++) {
            boxes[b + q] = Math.min(boxes[left + q], boxes[right + q]);
            boxes[b + 3 + q] = Math.max(boxes[left + 3 + q], boxes[right + 3 + q]);
        }
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

    private static void requireFinite(double[] xyzMm) {
        for (int i = 0; i < xyzMm.length; i++) {
            if (!Double.isFinite(xyzMm[i])) {
                throw new IllegalArgumentException("vertex " + i / 3 + " is not finite");
            }
        }
    }
}
