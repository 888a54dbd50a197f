package org.negvol.measure;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.negvol.volume.Side;

/**
 * The numbers of one joint. A measure that could not be taken is absent, and a flag says why.
 *
 * @param side patient's side
 * @param measurements at most one a measure
 * @param flags what limits them
 */
public record JointMeasures(Side side, List<Measurement> measurements, List<QualityFlag> flags) {

    public JointMeasures {
        measurements = List.copyOf(measurements);
        flags = List.copyOf(flags);
    }

    public Optional<Measurement> measurement(Measure measure) {
        return measurements.stream().filter(m -> m.measure() == measure).findFirst();
    }

    public OptionalDouble value(Measure measure) {
        return measurements.stream()
                .filter(m -> m.measure() == measure)
                .mapToDouble(Measurement::value)
                .findFirst();
    }
}
