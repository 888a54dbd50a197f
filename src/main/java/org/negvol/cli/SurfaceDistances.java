package org.negvol.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * How far two surfaces lie from each other, mm; not a number where there is nothing to compare.
 *
 * @param mean of the distances
 * @param p95 their 95th percentile
 */
record SurfaceDistances(double mean, double p95) {

    static final SurfaceDistances NONE = new SurfaceDistances(Double.NaN, Double.NaN);

    /**
     * @param distances from points of one surface to the other, mm, of either sign
     */
    static SurfaceDistances of(DoubleStream distances) {
        double[] all = distances.map(Math::abs).sorted().toArray();
        return all.length == 0
                ? NONE
                : new SurfaceDistances(
                        Arrays.stream(all).average().orElseThrow(),
                        all[(int) (0.95 * (all.length - 1))]);
    }

    String csv() {
        return Double.isNaN(mean) ? "," : String.format(Locale.ROOT, "%.4f,%.4f", mean, p95);
    }
}
