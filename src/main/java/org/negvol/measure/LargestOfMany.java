package org.negvol.measure;

/**
 * The law of the larger of two maxima of points drawn from two samples, in closed form; see {@link
 * Symmetry}.
 */
final class LargestOfMany {

    private LargestOfMany() {}

    /**
     * @param drawnA how many points are drawn from the first sample; need not be whole
     * @param drawnB how many from the second
     */
    static double standardDeviation(
            WeightedSample a, double drawnA, WeightedSample b, double drawnB) {
        double mean = 0;
        double square = 0;
        double before = 0;
        int i = 0;
        int j = 0;
        while (i < a.size() || j < b.size()) {
            boolean fromA = j == b.size() || (i < a.size() && a.value(i) <= b.value(j));
            double x = fromA ? a.value(i++) : b.value(j++);
            double below =
                    Math.pow(a.shareBelow(i), Math.max(1, drawnA))
                            * Math.pow(b.shareBelow(j), Math.max(1, drawnB));
            double p = below - before;
            before = below;
            mean += p * x;
            square += p * x * x;
        }
        return Math.sqrt(Math.max(0, square - mean * mean));
    }
}
