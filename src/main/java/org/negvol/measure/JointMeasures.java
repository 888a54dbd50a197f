package org.negvol.measure;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;

/**
 * The numbers of one joint. A measure that could not be taken is absent, and a flag says why.
 *
 * @param side patient's side
 * @param measurements at most one a measure
 * @param flags what limits them
 * @param landmarks the points the measures hang on, at most one of a kind
 * @param frame the condyle's own coordinates; null where there is no condyle to speak of
 * @param jointSpace the joint space over the condyle; null where nothing faces the fossa
 * @param shape the joint space at fixed anatomical directions; null with the frame
 */
public record JointMeasures(
        Side side,
        List<Measurement> measurements,
        List<QualityFlag> flags,
        List<Landmark> landmarks,
        @Nullable JointFrame frame,
        @Nullable JointSpaceMap jointSpace,
        @Nullable ShapeVector shape) {

    public JointMeasures {
        measurements = List.copyOf(measurements);
        flags = List.copyOf(flags);
        landmarks = List.copyOf(landmarks);
    }

    /** Numbers without landmarks and map. */
    public JointMeasures(Side side, List<Measurement> measurements, List<QualityFlag> flags) {
        this(side, measurements, flags, List.of(), null, null, null);
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

    /** Where a landmark lies, LPS mm. */
    public Optional<Vec3> landmark(Landmark.Kind kind) {
        return landmarks.stream()
                .filter(l -> l.kind() == kind)
                .map(Landmark::positionMm)
                .findFirst();
    }

    public boolean hasFlag(QualityFlag.Reason reason) {
        return flags.stream().anyMatch(f -> f.reason() == reason);
    }
}
