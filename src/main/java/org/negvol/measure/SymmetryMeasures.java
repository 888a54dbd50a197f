package org.negvol.measure;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Affine;

/**
 * How the left and the mirrored right joint differ.
 *
 * @param measurements S_LR, H_LR and their companions; empty where nothing could be compared
 * @param registrationResidualMm root mean square distance left after mirroring and rigid
 *     registration; 0 where nothing could be compared
 * @param rightToLeft the map that was used: mirrors the right joint and lays it onto the left one,
 *     LPS mm; null where nothing could be compared
 * @param flags why something is missing or doubtful
 */
public record SymmetryMeasures(
        List<Measurement> measurements,
        double registrationResidualMm,
        @Nullable Affine rightToLeft,
        List<QualityFlag> flags) {

    public SymmetryMeasures {
        measurements = List.copyOf(measurements);
        flags = List.copyOf(flags);
    }

    public SymmetryMeasures(List<Measurement> measurements, double registrationResidualMm) {
        this(measurements, registrationResidualMm, null, List.of());
    }

    public OptionalDouble value(Measure measure) {
        return measurements.stream()
                .filter(m -> m.measure() == measure)
                .mapToDouble(Measurement::value)
                .findFirst();
    }
}
