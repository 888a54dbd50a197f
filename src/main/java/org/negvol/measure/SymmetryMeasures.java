package org.negvol.measure;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How the left and the mirrored right joint differ.
 *
 * @param measurements S_LR, H_LR and their companions
 * @param registrationResidualMm root mean square distance left after mirroring and rigid
 *     registration
 */
public record SymmetryMeasures(List<Measurement> measurements, double registrationResidualMm) {

    public SymmetryMeasures {
        measurements = List.copyOf(measurements);
    }

    public OptionalDouble value(Measure measure) {
        return measurements.stream()
                .filter(m -> m.measure() == measure)
                .mapToDouble(Measurement::value)
                .findFirst();
    }
}
