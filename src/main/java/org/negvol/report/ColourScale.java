package org.negvol.report;

/**
 * A scale of colours whose lightness grows evenly from near to far and that people of every colour
 * vision read alike: viridis (van der Walt, Smith 2015), turned so that narrow is bright.
 */
final class ColourScale {

    private static final int[] VIRIDIS = {
        0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151,
        0xBDDF26, 0xFDE725
    };

    private ColourScale() {}

    /**
     * @param share 0 narrowest to 1 widest; beyond either end, the colour of the end
     */
    static int rgb(double share) {
        double at = (1 - Math.clamp(share, 0.0, 1.0)) * (VIRIDIS.length - 1);
        int i = Math.min((int) at, VIRIDIS.length - 2);
        double f = at - i;
        int rgb = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double v =
                    (1 - f) * (VIRIDIS[i] >>> shift & 0xFF) + f * (VIRIDIS[i + 1] >>> shift & 0xFF);
            rgb |= (int) Math.round(v) << shift;
        }
        return rgb;
    }
}
