package org.negvol.measure;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * What is known about a joint besides its surfaces; everything may be unknown.
 *
 * @param axes the head's axes
 * @param sourceSpacingMm largest distance of neighbouring voxels of the scan (usually between
 *     slices), mm
 * @param source the scan's own grid: what it resolves in which direction
 * @param confidence mean probability of the winning class, 0 to 1
 * @param clearShare share (0 to 1) of the bones' border where the CT itself showed the surface
 * @param mandibleMm signed distance to the whole mandible in the VOI (not cut at the neck), mm,
 *     negative inside; needed for the sagittal ramus angle
 */
public record JointContext(
        PatientAxes axes,
        OptionalDouble sourceSpacingMm,
        @Nullable VolumeGeometry source,
        OptionalDouble confidence,
        OptionalDouble clearShare,
        @Nullable ScalarVolume mandibleMm) {

    /** Nothing known; the head's axes are the scanner's. */
    public static final JointContext UNKNOWN =
            new JointContext(
                    PatientAxes.SCANNER,
                    OptionalDouble.empty(),
                    null,
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    null);

    public JointContext withAxes(PatientAxes other) {
        return new JointContext(other, sourceSpacingMm, source, confidence, clearShare, mandibleMm);
    }

    public JointContext withSourceSpacingMm(double spacing) {
        return new JointContext(
                axes, OptionalDouble.of(spacing), source, confidence, clearShare, mandibleMm);
    }

    /** With the scan's own grid, which gives the largest spacing too. */
    public JointContext withSource(VolumeGeometry grid) {
        double largest =
                Math.max(grid.spacingMm(0), Math.max(grid.spacingMm(1), grid.spacingMm(2)));
        return new JointContext(
                axes, OptionalDouble.of(largest), grid, confidence, clearShare, mandibleMm);
    }

    /**
     * Distance (mm) of the scan's image points along a line between two points; 0 where the grid is
     * not known. Between the spacings of its axes, by how the line runs: the length of the steps'
     * projections on it.
     */
    double sourceSpacingAlong(Vec3 from, Vec3 to) {
        double length = from.distanceTo(to);
        if (source == null || !(length > 0)) {
            return 0;
        }
        Vec3 unit = to.minus(from).times(1 / length);
        double sum = 0;
        for (int axis = 0; axis < 3; axis++) {
            double along = source.indexToPatient().step(axis).dot(unit);
            sum += along * along;
        }
        return Math.sqrt(sum);
    }

    public JointContext withConfidence(double confidence, double clearShare) {
        return new JointContext(
                axes,
                sourceSpacingMm,
                source,
                OptionalDouble.of(confidence),
                OptionalDouble.of(clearShare),
                mandibleMm);
    }

    public JointContext withMandible(ScalarVolume mandibleMm) {
        return new JointContext(axes, sourceSpacingMm, source, confidence, clearShare, mandibleMm);
    }
}
