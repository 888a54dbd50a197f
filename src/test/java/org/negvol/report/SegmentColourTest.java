package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.color.ColorSpace;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SegmentColourTest {

    /** The JDK's own colour management knows sRGB under D50. */
    @ParameterizedTest
    @EnumSource(SegmentColour.class)
    void cieLabIsThatOfTheColourUnderD50(SegmentColour colour) {
        float[] xyz =
                new Color(colour.rgb())
                        .getColorComponents(
                                ColorSpace.getInstance(ColorSpace.CS_CIEXYZ), new float[3]);
        double fx = f(xyz[0] / 0.9642);
        double fy = f(xyz[1]);
        double fz = f(xyz[2] / 0.8249);
        int[] written = colour.cieLab();
        assertThat(written[0] * 100 / 65535.0).isCloseTo(116 * fy - 16, within(1.0));
        assertThat(written[1] * 255 / 65535.0 - 128).isCloseTo(500 * (fx - fy), within(1.5));
        assertThat(written[2] * 255 / 65535.0 - 128).isCloseTo(200 * (fy - fz), within(1.5));
    }

    private static double f(double t) {
        return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116.0;
    }
}
