package org.negvol.surface;

import java.util.Arrays;

/** Points in an order in which neighbours are mostly near each other in space (Morton's curve). */
public final class MortonOrder {

    /** Bits that a point's place in the list may take. */
    private static final int PLACE_BITS = 27;

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
        long[] keys = new long[xyz.length / 3];
        for (int i = 0; i < keys.length; i++) {
            long code = 0;
            for (int q = 0; q < 3; q++) {
                code |= spread((int) ((xyz[3 * i + q] - low[q]) * scale)) << q;
            }
            keys[i] = (code << PLACE_BITS) | i;
        }
        Arrays.sort(keys);
        int[] order = new int[keys.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = (int) (keys[i] & ((1 << PLACE_BITS) - 1));
        }
        return order;
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
