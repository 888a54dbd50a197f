package org.negvol.workflow;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.negvol.measure.Measurement;
import org.negvol.measure.QualityFlag;
import org.negvol.report.JointResult;
import org.negvol.report.Outcome;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.ModelIdentity;
import org.negvol.volume.Side;

/**
 * A result as JSON shows it: every measure with its unit, every flag, the networks, the time of
 * every step.
 *
 * @param outcome DONE, DEGRADED, NOT_APPLICABLE or FAILED
 * @param sentence the outcome in words
 * @param pipelineVersion version of negvol
 * @param joints the joints that were measured, left before right
 * @param symmetry left against right; empty unless both were measured
 * @param flags what limits the result as a whole or explains a missing joint
 * @param models the networks that took part
 * @param steps the steps in their order
 */
public record ResultDocument(
        JobState outcome,
        String sentence,
        String pipelineVersion,
        List<Joint> joints,
        List<Value> symmetry,
        List<Flag> flags,
        List<ModelIdentity> models,
        List<StepTime> steps) {

    /**
     * One joint.
     *
     * @param side LEFT or RIGHT, the patient's
     * @param measures its numbers
     * @param flags what limits them
     */
    public record Joint(Side side, List<Value> measures, List<Flag> flags) {}

    /**
     * A number.
     *
     * @param name identifies the measure
     * @param meaning what it is, for a person
     * @param value the number
     * @param unit UCUM; "1" for a ratio
     */
    public record Value(String name, String meaning, double value, String unit) {

        static Value of(Measurement m) {
            return new Value(
                    m.measure().name(), m.measure().meaning(), m.value(), m.measure().ucum());
        }
    }

    /**
     * A limit.
     *
     * @param reason identifies it
     * @param side the joint; null for both
     * @param sentence for a clinician
     */
    public record Flag(String reason, @Nullable Side side, String sentence) {

        static Flag of(QualityFlag f) {
            return new Flag(f.reason().name(), f.side(), f.sentence());
        }
    }

    /**
     * How long a step took.
     *
     * @param step identifies it
     * @param side the joint; null for the whole study
     * @param seconds wall-clock time; both joints are worked on at the same time
     */
    public record StepTime(String step, @Nullable Side side, double seconds) {}

    /** The document of a result. */
    public static ResultDocument of(StudyResult result, StepTimes times) {
        return new ResultDocument(
                state(result.outcome()),
                result.outcome().sentence(),
                result.pipelineVersion(),
                result.joints().stream().map(ResultDocument::joint).toList(),
                result.symmetry() == null
                        ? List.of()
                        : result.symmetry().measurements().stream().map(Value::of).toList(),
                java.util.stream.Stream.concat(
                                result.flags().stream(),
                                result.symmetry() == null
                                        ? java.util.stream.Stream.of()
                                        : result.symmetry().flags().stream())
                        .map(Flag::of)
                        .toList(),
                result.models(),
                times.entries().stream()
                        .map(
                                e ->
                                        new StepTime(
                                                e.step().name().toLowerCase(Locale.ROOT),
                                                e.side(),
                                                e.time().toNanos() / 1e9))
                        .toList());
    }

    /** The state a job ends in with this outcome. */
    static JobState state(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done d -> JobState.DONE;
            case Outcome.Degraded d -> JobState.DEGRADED;
            case Outcome.NotApplicable n -> JobState.NOT_APPLICABLE;
            case Outcome.Failed f -> JobState.FAILED;
        };
    }

    private static Joint joint(JointResult j) {
        return new Joint(
                j.side(),
                j.measures().measurements().stream().map(Value::of).toList(),
                j.measures().flags().stream().map(Flag::of).toList());
    }
}
