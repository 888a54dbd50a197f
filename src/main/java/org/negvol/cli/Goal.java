package org.negvol.cli;

import java.util.Locale;

/**
 * What was asked of a measured value.
 *
 * @param what what is measured, with its unit
 * @param limit what it has to reach or not to exceed
 * @param atLeast whether the limit is the lowest good value, else the highest
 * @param value what was measured; not a number where there was nothing to measure
 * @param count from how many joints or scans
 */
record Goal(String what, double limit, boolean atLeast, double value, int count) {

    static Goal atLeast(String what, double limit, double value, int count) {
        return new Goal(what, limit, true, value, count);
    }

    static Goal atMost(String what, double limit, double value, int count) {
        return new Goal(what, limit, false, value, count);
    }

    boolean isMeasured() {
        return !Double.isNaN(value) && count > 0;
    }

    boolean isMet() {
        return isMeasured() && (atLeast ? value >= limit : value <= limit);
    }

    String verdict() {
        return !isMeasured() ? "not measured" : isMet() ? "met" : "NOT MET";
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-58s %s %8.3f  %8s  %-12s (%d)",
                what,
                atLeast ? "≥" : "≤",
                limit,
                isMeasured() ? String.format(Locale.ROOT, "%.3f", value) : "–",
                verdict(),
                count);
    }

    String csv() {
        return String.format(
                Locale.ROOT,
                "\"%s\",%s,%.4f,%s,%s,%d",
                what,
                atLeast ? "at least" : "at most",
                limit,
                isMeasured() ? String.format(Locale.ROOT, "%.4f", value) : "",
                verdict(),
                count);
    }
}
