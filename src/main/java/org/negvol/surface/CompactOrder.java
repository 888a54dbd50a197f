package org.negvol.surface;

import java.util.Arrays;

/**
 * Parts a list of points so that each part is compact: the list is cut in the middle along the axis
 * in which it extends most, and so are its halves.
 *
 * <p>Long lists are cut into eight at once, which takes half the time. Where a cut falls among
 * points that differ by less than a thousandth of the extent, they stay in their order.
 */
final class CompactOrder {

    /** Lists longer than this are cut into {@link #CUTS} at once. */
    private static final int LONG = 1024;

    private static final int CUTS = 8;

    /** Lists up to this length are sorted by insertion. */
    private static final int SHORT = 24;

    private static final int MOST_BUCKETS = 1024;

    private final double[] xyz;
    private final int[] places;
    private final int[] order;
    private final int[] sorted;
    private final int[] bucket;
    private final int[] next = new int[MOST_BUCKETS + 1];
    private final double[] value = new double[SHORT];

    private CompactOrder(double[] xyz, int[] places) {
        this.xyz = xyz;
        this.places = places;
        int n = xyz.length / 3;
        order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        sorted = new int[n];
        bucket = new int[n];
    }

    /**
     * @param xyz x, y and z of each point
     * @param places where in the list each part begins, and where the last one ends; the number of
     *     parts is a power of two
     * @return the points' numbers in the order of the parts
     */
    static int[] of(double[] xyz, int[] places) {
        CompactOrder o = new CompactOrder(xyz, places);
        o.part(0, places.length - 1);
        return o.order;
    }

    private void part(int firstPart, int endPart) {
        int from = places[firstPart];
        int to = places[endPart];
        int parts = endPart - firstPart;
        if (parts < 2 || to - from < 2) {
            return;
        }
        int cuts = Math.min(parts, to - from > LONG ? CUTS : 2);
        sort(from, to);
        for (int cut = 0; cut < cuts; cut++) {
            part(firstPart + parts / cuts * cut, firstPart + parts / cuts * (cut + 1));
        }
    }

    /** Sorts a part of the list along the axis in which it extends most. */
    private void sort(int from, int to) {
        double lowX = Double.POSITIVE_INFINITY;
        double lowY = lowX;
        double lowZ = lowX;
        double highX = Double.NEGATIVE_INFINITY;
        double highY = highX;
        double highZ = highX;
        for (int i = from; i < to; i++) {
            int o = 3 * order[i];
            lowX = Math.min(lowX, xyz[o]);
            highX = Math.max(highX, xyz[o]);
            lowY = Math.min(lowY, xyz[o + 1]);
            highY = Math.max(highY, xyz[o + 1]);
            lowZ = Math.min(lowZ, xyz[o + 2]);
            highZ = Math.max(highZ, xyz[o + 2]);
        }
        double x = highX - lowX;
        double y = highY - lowY;
        double z = highZ - lowZ;
        if (x >= y && x >= z) {
            sort(from, to, 0, lowX, x);
        } else if (y >= z) {
            sort(from, to, 1, lowY, y);
        } else {
            sort(from, to, 2, lowZ, z);
        }
    }

    private void sort(int from, int to, int axis, double low, double extent) {
        if (to - from <= SHORT) {
            insert(from, to, axis);
            return;
        }
        int buckets = Math.min(MOST_BUCKETS, Integer.highestOneBit(to - from));
        double scale = extent > 0 ? (buckets - 1) / extent : 0;
        Arrays.fill(next, 0, buckets + 1, 0);
        for (int i = from; i < to; i++) {
            bucket[i] = (int) ((xyz[3 * order[i] + axis] - low) * scale);
            next[bucket[i] + 1]++;
        }
        for (int b = 0; b < buckets; b++) {
            next[b + 1] += next[b];
        }
        for (int i = from; i < to; i++) {
            sorted[from + next[bucket[i]]++] = order[i];
        }
        System.arraycopy(sorted, from, order, from, to - from);
    }

    private void insert(int from, int to, int axis) {
        for (int i = from; i < to; i++) {
            int point = order[i];
            double v = xyz[3 * point + axis];
            int at = i;
            while (at > from && value[at - 1 - from] > v) {
                value[at - from] = value[at - 1 - from];
                order[at] = order[at - 1];
                at--;
            }
            value[at - from] = v;
            order[at] = point;
        }
    }
}
