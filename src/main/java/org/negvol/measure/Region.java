package org.negvol.measure;

/**
 * Where on the condyle a point lies, by its direction from the centre in the condyle's own
 * proportions (lateral/half width, posterior/half depth, up/height): {@link #SUPERIOR} within 45°
 * of the top, the others by the nearest of the four horizontal directions.
 *
 * <p>The constants' order is part of the result's format.
 */
public enum Region {
    ANTERIOR,
    SUPERIOR,
    POSTERIOR,
    MEDIAL,
    LATERAL;

    /** Directions nearer to the vertical than this cosine are superior. */
    private static final double SUPERIOR_COSINE = Math.sqrt(0.5);

    /**
     * @param lateral component towards the lateral pole, in half widths
     * @param posterior component to the back, in half depths
     * @param up component upwards, in heights
     */
    static Region of(double lateral, double posterior, double up) {
        double r = Math.sqrt(lateral * lateral + posterior * posterior + up * up);
        if (up >= SUPERIOR_COSINE * r) {
            return SUPERIOR;
        }
        if (Math.abs(lateral) > Math.abs(posterior)) {
            return lateral > 0 ? LATERAL : MEDIAL;
        }
        return posterior > 0 ? POSTERIOR : ANTERIOR;
    }
}
