package org.negvol.measure;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.ScalarVolume;

/**
 * What is known about a joint besides its surfaces; everything may be unknown.
 *
 * @param axes the head's axes
 * @param sourceSpacingMm largest distance of neighbouring voxels of the scan (usually between
 *     slices), mm
 * @param confidence mean probability of the winning class, 0 to 1
 * @param clearShare share (0 to 1) of the bones' border where the CT itself showed the surface
 * @param mandibleMm signed distance to the whole mandible in the VOI (not cut at the neck), mm,
 *     negative inside; needed for the sagittal ramus angle
 */
public record JointContext(
        PatientAxes axes,
        OptionalDouble sourceSpacingMm,
        OptionalDouble confidence,
        OptionalDouble clearShare,
        @Nullable ScalarVolume mandibleMm) {

    /** Nothing known; the head's axes are the scanner's. */
    public static final JointContext UNKNOWN =
            new JointContext(
                    PatientAxes.SCANNER,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    null);

    public JointContext withAxes(PatientAxes other) {
        return new JointContext(other, sourceSpacingMm, confidence, clearShare, mandibleMm);
    }

    public JointContext withSourceSpacingMm(double spacing) {
        return new JointContext(
                axes, OptionalDouble.of(spacing), confidence, clearShare, mandibleMm);
    }

    public JointContext withConfidence(double confidence, double clearShare) {
        return new JointContext(
                axes,
                sourceSpacingMm,
                OptionalDouble.of(confidence),
                OptionalDouble.of(clearShare),
                mandibleMm);
    }

    public JointContext withMandible(ScalarVolume mandibleMm) {
        return new JointContext(axes, sourceSpacingMm, confidence, clearShare, mandibleMm);
    }
}
