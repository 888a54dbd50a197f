package org.negvol.report;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.QualityFlag;
import org.negvol.measure.SymmetryMeasures;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/**
 * Everything negvol knows of one series after processing it; what the result objects, the pictures
 * and {@code result.json} are made from.
 *
 * @param source the series
 * @param geometry its grid; null where it made no volume
 * @param joints the joints that were measured, left before right; empty where none was
 * @param symmetry left against right; null unless both were measured
 * @param flags what limits the result as a whole or explains a missing joint; those of one joint
 *     are in its measures
 * @param models the networks that took part
 * @param outcome how it ended
 * @param pipelineVersion version of negvol
 */
public record StudyResult(
        SourceSeries source,
        @Nullable VolumeGeometry geometry,
        List<JointResult> joints,
        @Nullable SymmetryMeasures symmetry,
        List<QualityFlag> flags,
        List<ModelIdentity> models,
        Outcome outcome,
        String pipelineVersion) {

    public StudyResult {
        joints = joints.stream().sorted(java.util.Comparator.comparing(JointResult::side)).toList();
        flags = List.copyOf(flags);
        models = List.copyOf(models);
        if (joints.stream().map(JointResult::side).distinct().count() != joints.size()) {
            throw new IllegalArgumentException("two results for the same joint");
        }
        if (!joints.isEmpty() && geometry == null) {
            throw new IllegalArgumentException("joints were measured in a series without geometry");
        }
        if (geometry != null && geometry.slices() != source.images().size()) {
            throw new IllegalArgumentException(
                    "%d images for a grid of %d slices"
                            .formatted(source.images().size(), geometry.slices()));
        }
        if (symmetry != null && joints.size() != 2) {
            throw new IllegalArgumentException("symmetry of " + joints.size() + " joints");
        }
        if (!joints.isEmpty()
                && (outcome instanceof Outcome.NotApplicable
                        || outcome instanceof Outcome.Failed)) {
            throw new IllegalArgumentException("numbers beside the outcome " + outcome);
        }
    }

    public Optional<JointResult> joint(Side side) {
        return joints.stream().filter(j -> j.side() == side).findFirst();
    }
}
