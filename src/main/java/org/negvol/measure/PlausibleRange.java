package org.negvol.measure;

import java.util.Map;

/**
 * Between which values a measure of a real joint lies; anything else is an error of the
 * segmentation, and is refused. Wide on purpose: disease must pass, only the impossible must not.
 *
 * @param from smallest value
 * @param to largest value
 */
record PlausibleRange(double from, double to) {

    /**
     * Joint spaces: normal means are 1.3 to 3.0 mm (Ikeda, Kawamura 2009; Ikeda 2011; Hindawi JHE
     * 2017, largest mean and deviation 3.03 ± 0.53 mm); three times that, with every disc displaced
     * and every joint full of fluid, is not between condyle and fossa any more.
     */
    private static final PlausibleRange SPACE = new PlausibleRange(0, 9);

    /**
     * Sizes of the condyle: four standard deviations about the means 18.5 ± 2.3 mm (width, Hindawi
     * JHE 2017) and 8.7 ± 1.6 mm (depth, widened for osteophytes); the top stands 4 to 7 mm above
     * the greatest width, less where worn. Fossa: the paper's Table 3 has widths 14.6 to 21.2 mm
     * and depths 6.3 to 7.9 mm in six patients; flat fossae and high eminences beyond that pass.
     */
    private static final Map<Measure, PlausibleRange> RANGES =
            Map.ofEntries(
                    Map.entry(Measure.CONDYLE_WIDTH, new PlausibleRange(9, 28)),
                    Map.entry(Measure.CONDYLE_DEPTH, new PlausibleRange(3.5, 16)),
                    Map.entry(Measure.CONDYLE_HEIGHT, new PlausibleRange(1.5, 10)),
                    Map.entry(Measure.FOSSA_WIDTH, new PlausibleRange(11, 30)),
                    Map.entry(Measure.FOSSA_DEPTH, new PlausibleRange(2.5, 14)),
                    Map.entry(Measure.SAGITTAL_RAMUS_ANGLE, new PlausibleRange(-40, 40)),
                    Map.entry(Measure.ANTERIOR_JOINT_SPACE, SPACE),
                    Map.entry(Measure.SUPERIOR_JOINT_SPACE, SPACE),
                    Map.entry(Measure.POSTERIOR_JOINT_SPACE, SPACE),
                    Map.entry(Measure.MEDIAL_JOINT_SPACE, SPACE),
                    Map.entry(Measure.LATERAL_JOINT_SPACE, SPACE),
                    Map.entry(Measure.ANTERIOR_TANGENT_SPACE, SPACE),
                    Map.entry(Measure.POSTERIOR_TANGENT_SPACE, SPACE));

    private static final PlausibleRange ANY =
            new PlausibleRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

    static PlausibleRange of(Measure measure) {
        return RANGES.getOrDefault(measure, ANY);
    }

    boolean contains(double value) {
        return value >= from && value <= to;
    }
}
