package org.negvol.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the steps of several runs took: a line each with median and range. */
final class StepTable {

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private int runs;

    /** Adds a run: seconds by step, the same steps in each. */
    void add(Map<String, Double> run) {
        run.forEach((step, s) -> seconds.computeIfAbsent(step, k -> new ArrayList<>()).add(s));
        runs++;
    }

    /** Median of a step, in seconds. */
    double median(String step) {
        double[] sorted = sorted(seconds.getOrDefault(step, List.of(Double.NaN)));
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    /**
     * @param what one run is, in the plural
     */
    void print(PrintWriter console, String what) {
        console.printf(
                "%nMedian and range of %d %s, %d processors:%n",
                runs, what, Runtime.getRuntime().availableProcessors());
        seconds.forEach(
                (step, all) -> {
                    double[] sorted = sorted(all);
                    console.printf(
                            Locale.ROOT,
                            "%-24s %8.3f s   %.3f–%.3f%n",
                            step,
                            median(step),
                            sorted[0],
                            sorted[sorted.length - 1]);
                });
    }

    private static double[] sorted(List<Double> values) {
        return values.stream().mapToDouble(d -> d).sorted().toArray();
    }
}
