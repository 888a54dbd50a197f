package org.negvol.measure;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Numbers that each stand for a part of a surface, sorted, with their statistics. */
final class WeightedSample {

    private final float[] values;

    /** Weight of this and all smaller values. */
    private final double[] cumulative;

    private WeightedSample(float[] values, double[] cumulative) {
        this.values = values;
        this.cumulative = cumulative;
    }

    /** The first {@code n} of the values; null if they weigh nothing. */
    static @Nullable WeightedSample of(float[] values, double[] weights, int n) {
        // Distances are not negative, so their bits sort as they do; the low word keeps the place.
        long[] keys = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = ((long) Float.floatToIntBits(Math.max(values[i], 0)) << 32) | i;
        }
        Arrays.sort(keys);
        float[] sorted = new float[n];
        double[] cumulative = new double[n];
        double sum = 0;
        for (int i = 0; i < n; i++) {
            int at = (int) keys[i];
            sorted[i] = values[at];
            sum += weights[at];
            cumulative[i] = sum;
        }
        return sum > 0 ? new WeightedSample(sorted, cumulative) : null;
    }

    int size() {
        return values.length;
    }

    double value(int i) {
        return values[i];
    }

    double totalWeight() {
        return cumulative[cumulative.length - 1];
    }

    /** Share (0 to 1) of the weight that the i smallest values have. */
    double shareBelow(int i) {
        return i == 0 ? 0 : cumulative[i - 1] / totalWeight();
    }

    double min() {
        return values[0];
    }

    double max() {
        return values[values.length - 1];
    }

    double mean() {
        double s = 0;
        for (int i = 0; i < values.length; i++) {
            s += weight(i) * values[i];
        }
        return s / totalWeight();
    }

    double standardDeviation() {
        double m = mean();
        double s = 0;
        for (int i = 0; i < values.length; i++) {
            s += weight(i) * (values[i] - m) * (values[i] - m);
        }
        return Math.sqrt(s / totalWeight());
    }

    double rootMeanSquare() {
        double s = 0;
        for (int i = 0; i < values.length; i++) {
            s += weight(i) * values[i] * values[i];
        }
        return Math.sqrt(s / totalWeight());
    }

    private double weight(int i) {
        return i == 0 ? cumulative[0] : cumulative[i] - cumulative[i - 1];
    }

    /** The value below which this share of the weight lies; linear between the values' middles. */
    double quantile(double share) {
        double wanted = share * totalWeight();
        double before = 0;
        for (int i = 0; i < values.length; i++) {
            double middle = cumulative[i] - weight(i) / 2;
            if (middle >= wanted) {
                if (i == 0 || middle - before <= 0) {
                    return values[i];
                }
                double t = (wanted - before) / (middle - before);
                return values[i - 1] + t * (values[i] - values[i - 1]);
            }
            before = middle;
        }
        return max();
    }
}
