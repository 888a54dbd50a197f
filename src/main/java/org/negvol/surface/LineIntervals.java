package org.negvol.surface;

import java.util.Arrays;

/** The parts of parallel lines that lie in a region. */
final class LineIntervals {

    /** Of line l: the intervals start[l] to start[l + 1] - 1, ascending. */
    final int[] start;

    /** Lower and upper end of each interval, in lattice units. */
    double[] ends = new double[4096];

    private int count;

    LineIntervals(int lines) {
        start = new int[lines + 1];
    }

    void add(double low, double high) {
        if (2 * count == ends.length) {
            ends = Arrays.copyOf(ends, 4 * count);
        }
        ends[2 * count] = low;
        ends[2 * count + 1] = high;
        count++;
    }

    /** Ends a line; lines are ended in their order. */
    void endLine(int line) {
        start[line + 1] = count;
    }
}
