package org.negvol.cli;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
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
import org.negvol.volume.VoiGrid;
import org.negvol.volume.VolumeGeometry;

/**
 * What a phantom's numbers are, from the formulas of its bones and not from its images: the five
 * joint spaces by rays through the formulas, everything else by the method applied to them.
 */
final class PhantomTruth {

    private final Map<Side, Map<Measure, Double>> joints = new EnumMap<>(Side.class);
    private final Map<Measure, Double> symmetry = new EnumMap<>(Measure.class);

    private PhantomTruth() {}

    /**
     * @param phantom a head with a mandible
     */
    static PhantomTruth of(HeadPhantom phantom) {
        JointTruth left = phantom.truth(Side.LEFT);
        JointTruth right = phantom.truth(Side.RIGHT);
        PatientAxes axes = PatientAxes.ofJoints(left.centre(), right.centre());
        CompletableFuture<Joint> leftJoint =
                CompletableFuture.supplyAsync(() -> joint(phantom, left, axes));
        Joint rightJoint = joint(phantom, right, axes);
        PhantomTruth truth = new PhantomTruth();
        truth.joints.put(Side.LEFT, leftJoint.join().numbers());
        truth.joints.put(Side.RIGHT, rightJoint.numbers());
        JointSurfaces leftSurfaces = leftJoint.join().surfaces();
        JointSurfaces rightSurfaces = rightJoint.surfaces();
        if (leftSurfaces != null && rightSurfaces != null) {
            SymmetryMeasures compared = Symmetry.compare(leftSurfaces, rightSurfaces);
            compared.measurements().forEach(m -> truth.symmetry.put(m.measure(), m.value()));
        }
        return truth;
    }

    /**
     * @param surfaces null where the method finds nothing to measure
     */
    private record Joint(Map<Measure, Double> numbers, @Nullable JointSurfaces surfaces) {}

    private static Joint joint(HeadPhantom phantom, JointTruth t, PatientAxes axes) {
        Map<Measure, Double> numbers = new EnumMap<>(Measure.class);
        VolumeGeometry grid = VoiGrid.around(t.centre());
        JointSurfaceResult result =
                NegativeVolume.compute(
                        t.side(),
                        phantom.condyleMm(grid),
                        phantom.temporalMm(grid),
                        t.centre(),
                        NegativeVolumeParameters.DEFAULT);
        JointSurfaces surfaces = null;
        if (result instanceof JointSurfaceResult.Computed computed) {
            surfaces = computed.surfaces();
            JointMeasures measures =
                    JointMeasurer.measure(surfaces, JointContext.UNKNOWN.withAxes(axes));
            measures.measurements().forEach(m -> numbers.put(m.measure(), m.value()));
        }
        numbers.put(Measure.ANTERIOR_JOINT_SPACE, t.anterior().mm());
        numbers.put(Measure.SUPERIOR_JOINT_SPACE, t.superior().mm());
        numbers.put(Measure.POSTERIOR_JOINT_SPACE, t.posterior().mm());
        numbers.put(Measure.MEDIAL_JOINT_SPACE, t.medial().mm());
        numbers.put(Measure.LATERAL_JOINT_SPACE, t.lateral().mm());
        return new Joint(numbers, surfaces);
    }

    OptionalDouble of(Side side, Measure measure) {
        return optional(joints.getOrDefault(side, Map.of()).get(measure));
    }

    OptionalDouble of(Measure symmetryMeasure) {
        return optional(symmetry.get(symmetryMeasure));
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
