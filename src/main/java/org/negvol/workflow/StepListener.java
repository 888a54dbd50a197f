package org.negvol.workflow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Side;

/** Hears how the processing of a study goes; called from several threads at once. */
@FunctionalInterface
public interface StepListener {

    StepListener NONE = (step, side, time) -> {};

    /** The steps of the pipeline, in their order. */
    enum Step {
        ASSEMBLE("sort the slices into a volume"),
        LOCALISE("find the joints"),
        SEGMENT("find the bones' surfaces"),
        INFLATE("build the negative volume"),
        MEASURE("measure"),
        SIMPLIFY("thin out the surfaces"),
        COMPARE("compare left and right"),
        REPORT("write the result objects");

        private final String meaning;

        Step(String meaning) {
            this.meaning = meaning;
        }

        /** What is done, for a person. */
        public String meaning() {
            return meaning;
        }
    }

    /**
     * A step has ended, well or not.
     *
     * @param side the joint it was done for; null for the whole study
     * @param time how long it took; the joints are processed at the same time
     */
    void finished(Step step, @Nullable Side side, Duration time);
}
