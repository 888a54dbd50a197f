package org.negvol.report;

import java.awt.Color;

/**
 * The colours of the structures, in the Segmentation, the Surface Segmentation and the pictures.
 *
 * <p>Told apart on grey images by people of every colour vision: they differ in lightness and along
 * the blue to yellow axis, not along red to green alone.
 */
public enum SegmentColour {
    CONDYLE(0xFFB43C),
    TEMPORAL_BONE(0x5AA9FF),
    NEGATIVE_VOLUME(0xFF5FA8);

    private final int rgb;

    SegmentColour(int rgb) {
        this.rgb = rgb;
    }

    /** sRGB, red in bits 16 to 23, green in 8 to 15, blue in 0 to 7. */
    public int rgb() {
        return rgb;
    }

    Color color() {
        return new Color(rgb);
    }

    Color color(int alpha) {
        return new Color(rgb >>> 16, rgb >>> 8 & 0xFF, rgb & 0xFF, alpha);
    }

    /**
     * L*, a*, b* under D50 as Recommended Display CIELab Value (0062,000D) has them: L* 0 to 100,
     * a* and b* −128 to 127, each mapped to 0 to 65535 (PS3.3 C.10.7.1.1).
     */
    public int[] cieLab() {
        double r = linear(rgb >>> 16 & 0xFF);
        double g = linear(rgb >>> 8 & 0xFF);
        double b = linear(rgb & 0xFF);
        // sRGB to XYZ, adapted from D65 to D50 by Bradford's matrix (ICC, sRGB profile).
        double x = companded((0.4360747 * r + 0.3850649 * g + 0.1430804 * b) / 0.9642);
        double y = companded(0.2225045 * r + 0.7168786 * g + 0.0606169 * b);
        double z = companded((0.0139322 * r + 0.0971045 * g + 0.7141733 * b) / 0.8251);
        return new int[] {
            sixteenBits((116 * y - 16) / 100),
            sixteenBits((500 * (x - y) + 128) / 255),
            sixteenBits((200 * (y - z) + 128) / 255)
        };
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    private static double companded(double t) {
        return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }

    private static int sixteenBits(double share) {
        return (int) Math.round(Math.clamp(share, 0.0, 1.0) * 65535);
    }
}
