package org.negvol.surface;

/** Points in an order in which neighbours are mostly near each other in space (Morton's curve). */
public final class MortonOrder {

    /** Bits that are sorted by at a time. */
    private static final int DIGIT_BITS = 12;

    private static final int DIGIT_MASK = (1 << DIGIT_BITS) - 1;

    private MortonOrder() {}

    /**
     * @param xyz x, y and z of each point
     * @param box points whose box the curve spans; it holds the others
     * @param bits the curve's steps along the longest axis, as a power of two; at most 12
     * @return the places of the points in the order of the curve, ties in that of the list
     */
    public static int[] of(double[] xyz, double[] box, int bits) {
        double[] low = {
            Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY
        };
        for (int i = 0; i < box.length; i++) {
            low[i % 3] = Math.min(low[i % 3], box[i]);
        }
        double extent = 0;
        for (int i = 0; i < box.length; i++) {
            extent = Math.max(extent, box[i] - low[i % 3]);
        }
        double scale = extent > 0 ? ((1 << bits) - 1) / extent : 0;
        long[] codes = new long[xyz.length / 3];
        for (int i = 0; i < codes.length; i++) {
            for (int q = 0; q < 3; q++) {
                codes[i] |= spread((int) ((xyz[3 * i + q] - low[q]) * scale)) << q;
            }
        }
        int[] order = new int[codes.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int shift = 0; shift < 3 * bits; shift += DIGIT_BITS) {
            order = sortedByDigit(order, codes, shift);
        }
        return order;
    }

    /** One pass of a radix sort: places with equal digits stay in their order. */
    private static int[] sortedByDigit(int[] order, long[] codes, int shift) {
        int[] next = new int[DIGIT_MASK + 2];
        for (int i : order) {
            next[(int) (codes[i] >> shift & DIGIT_MASK) + 1]++;
        }
        for (int digit = 0; digit <= DIGIT_MASK; digit++) {
            next[digit + 1] += next[digit];
        }
        int[] sorted = new int[order.length];
        for (int i : order) {
            sorted[next[(int) (codes[i] >> shift & DIGIT_MASK)]++] = i;
        }
        return sorted;
    }

    /** Two zero bits between the bits of a number of 12 bits. */
    private static long spread(int v) {
        long x = v;
        x = (x | (x << 16)) & 0xFF0000FFL;
        x = (x | (x << 8)) & 0x0F00F00FL;
        x = (x | (x << 4)) & 0xC30C30C3L;
        return (x | (x << 2)) & 0x249249249L;
    }
}
