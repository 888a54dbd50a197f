package org.negvol.measure;

import java.util.List;
import org.negvol.volume.Vec3;

/**
 * One number with where it was taken.
 *
 * @param measure what was measured; gives the unit
 * @param value finite
 * @param line the points in patient coordinates (LPS mm) a person would draw for it, empty for none
 */
public record Measurement(Measure measure, double value, List<Vec3> line) {

    public Measurement {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    measure + " is " + value + ", which is no measurement");
        }
        line = List.copyOf(line);
    }
}
