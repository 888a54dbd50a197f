package org.negvol.volume;

import java.util.ArrayList;
import java.util.List;

/**
 * The linear map that takes the grey values of a scan to HU.
 *
 * <p>CT is in HU already and is left untouched; CBCT is not. The peaks of the histogram decide: if
 * air and soft tissue are where HU has them, the map is the identity, else it takes the two peaks
 * there.
 *
 * @param slope HU per grey value
 * @param intercept HU of grey value 0
 */
public record Intensity(double slope, double intercept) {

    public static final Intensity IDENTITY = new Intensity(1, 0);

    private static final double AIR_HU = -1000;

    /** Muscle and brain with a share of fat. */
    private static final double SOFT_TISSUE_HU = 40;

    /** Peaks so near their place, in HU, are taken as calibrated. */
    private static final double CALIBRATED_WITHIN_HU = 150;

    /** Air and soft tissue lie at least this far apart in any usable scan, in grey values. */
    private static final double LEAST_CONTRAST = 300;

    /** A peak holds at least this share of the highest one. */
    private static final double LEAST_PEAK = 0.05;

    private static final int BIN = 20;
    private static final int LOWEST = -4000;
    private static final int BINS = 600;

    /**
     * @param scan the whole field of view, such as the coarse grid; {@link CtSeries#AIR_HU}, which
     *     marks what was not scanned, is left out
     */
    public static Intensity of(ScalarVolume scan) {
        double[] histogram = new double[BINS];
        for (float v : scan.values()) {
            int bin = (int) Math.floor((v - LOWEST) / BIN);
            if (v != CtSeries.AIR_HU && bin >= 0 && bin < BINS) {
                histogram[bin]++;
            }
        }
        List<Double> peaks = peaks(smooth(smooth(histogram)), histogram);
        if (peaks.size() < 2) {
            return IDENTITY;
        }
        double air = peaks.getFirst();
        boolean airInPlace = Math.abs(air - AIR_HU) <= CALIBRATED_WITHIN_HU;
        double soft = Double.NaN;
        for (double p : peaks) {
            boolean inPlace = Math.abs(p - SOFT_TISSUE_HU) <= CALIBRATED_WITHIN_HU;
            if (inPlace && (airInPlace || p == air)) {
                return IDENTITY;
            }
            if (Double.isNaN(soft) && p - air >= LEAST_CONTRAST) {
                soft = p;
            }
        }
        if (Double.isNaN(soft)) {
            return IDENTITY;
        }
        double slope = (SOFT_TISSUE_HU - AIR_HU) / (soft - air);
        return new Intensity(slope, AIR_HU - slope * air);
    }

    /** The scan in HU; the scan itself if the map is the identity. Unscanned voxels stay so. */
    public ScalarVolume apply(ScalarVolume scan) {
        if (equals(IDENTITY)) {
            return scan;
        }
        float[] in = scan.values();
        float[] out = new float[in.length];
        for (int i = 0; i < in.length; i++) {
            out[i] =
                    in[i] == CtSeries.AIR_HU
                            ? CtSeries.AIR_HU
                            : (float) Math.max(CtSeries.AIR_HU, slope * in[i] + intercept);
        }
        return new ScalarVolume(scan.geometry(), out);
    }

    private static double[] smooth(double[] h) {
        double[] s = new double[h.length];
        for (int i = 2; i < h.length - 2; i++) {
            s[i] = (h[i - 2] + 2 * h[i - 1] + 3 * h[i] + 2 * h[i + 1] + h[i + 2]) / 9;
        }
        return s;
    }

    /** Grey values of the peaks, ascending: the centre of gravity round each local maximum. */
    private static List<Double> peaks(double[] smooth, double[] raw) {
        double highest = 0;
        for (double s : smooth) {
            highest = Math.max(highest, s);
        }
        List<Double> peaks = new ArrayList<>();
        int reach = 4;
        for (int i = reach; i < smooth.length - reach; i++) {
            boolean top = smooth[i] > 0 && smooth[i] >= LEAST_PEAK * highest;
            for (int d = 1; top && d <= reach; d++) {
                top = smooth[i] > smooth[i - d] && smooth[i] >= smooth[i + d];
            }
            if (top) {
                double mass = 0;
                double moment = 0;
                for (int d = -reach; d <= reach; d++) {
                    mass += raw[i + d];
                    moment += raw[i + d] * (LOWEST + (i + d + 0.5) * BIN);
                }
                peaks.add(moment / mass);
            }
        }
        return peaks;
    }
}
