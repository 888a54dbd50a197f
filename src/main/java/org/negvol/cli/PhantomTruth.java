package org.negvol.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.JointContext;
import org.negvol.measure.JointMeasurer;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Measure;
import org.negvol.measure.PatientAxes;
import org.negvol.measure.Symmetry;
import org.negvol.measure.SymmetryMeasures;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.JointTruth;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.NegativeVolume;
import org.negvol.surface.NegativeVolumeParameters;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;

/**
 * What a phantom's joints would measure in a perfect scan: the joint spaces from its implicit
 * surfaces directly, all else by the method from the exact distances to them.
 */
final class PhantomTruth {

    private final Map<Side, JointTruth> shapes = new EnumMap<>(Side.class);
    private final Map<Side, JointMeasures> measures = new EnumMap<>(Side.class);
    private final @Nullable SymmetryMeasures symmetry;

    private PhantomTruth(HeadPhantom phantom, NegativeVolumeParameters parameters) {
        Map<Side, JointSurfaces> surfaces = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            shapes.put(side, phantom.truth(side));
        }
        PatientAxes axes = PatientAxes.ofJoints(centre(Side.LEFT), centre(Side.RIGHT));
        for (Side side : Side.values()) {
            VolumeGeometry voi = VoiGrid.around(centre(side));
            JointSurfaceResult result =
                    NegativeVolume.compute(
                            side,
                            phantom.condyleMm(voi),
                            phantom.temporalMm(voi),
                            centre(side),
                            parameters);
            if (result instanceof JointSurfaceResult.Computed computed) {
                surfaces.put(side, computed.surfaces());
                measures.put(
                        side,
                        JointMeasurer.measure(
                                computed.surfaces(), JointContext.UNKNOWN.withAxes(axes)));
            }
        }
        JointSurfaces left = surfaces.get(Side.LEFT);
        JointSurfaces right = surfaces.get(Side.RIGHT);
        symmetry = left == null || right == null ? null : Symmetry.compare(left, right);
    }

    /** Takes about as long as measuring a scan. */
    static PhantomTruth of(HeadPhantom phantom) {
        return new PhantomTruth(phantom, NegativeVolumeParameters.DEFAULT);
    }

    private Vec3 centre(Side side) {
        JointTruth shape = shapes.get(side);
        if (shape == null) {
            throw new IllegalStateException("no truth of the " + side + " joint");
        }
        return shape.centre();
    }

    OptionalDouble value(Side side, Measure measure) {
        JointTruth t = shapes.get(side);
        if (t != null) {
            JointTruth.Gap gap =
                    switch (measure) {
                        case ANTERIOR_JOINT_SPACE -> t.anterior();
                        case SUPERIOR_JOINT_SPACE -> t.superior();
                        case POSTERIOR_JOINT_SPACE -> t.posterior();
                        case MEDIAL_JOINT_SPACE -> t.medial();
                        case LATERAL_JOINT_SPACE -> t.lateral();
                        default -> null;
                    };
            if (gap != null) {
                return OptionalDouble.of(gap.mm());
            }
        }
        JointMeasures m = measures.get(side);
        return m == null ? OptionalDouble.empty() : m.value(measure);
    }

    /** A measure of both joints. */
    OptionalDouble value(Measure measure) {
        return symmetry == null ? OptionalDouble.empty() : symmetry.value(measure);
    }
}
