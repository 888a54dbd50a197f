package org.negvol.report;

import java.util.Locale;
import org.negvol.measure.Measure;

/** How a measure's value and unit are written for people. */
public final class ReadableMeasure {

    private ReadableMeasure() {}

    /**
     * The value with as many decimals as it deserves: hundredths of a millimetre, whole mm² and
     * mm³, tenths of a degree, thousandths of a ratio.
     */
    public static String value(Measure measure, double value) {
        int decimals =
                switch (measure.ucum()) {
                    case "mm3", "mm2" -> 0;
                    case "deg" -> 1;
                    case "1" -> 3;
                    default -> 2;
                };
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    /** The unit's usual symbol; empty for a ratio. */
    public static String unit(Measure measure) {
        return switch (measure.ucum()) {
            case "mm3" -> "mm³";
            case "mm2" -> "mm²";
            case "deg" -> "°";
            case "1" -> "";
            default -> measure.ucum();
        };
    }
}
