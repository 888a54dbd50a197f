package org.negvol.report;

import java.util.Arrays;
import java.util.Optional;
import org.negvol.measure.Measure;

/**
 * What has been published of left against right: the paper's six patients (Table 3), of whom it
 * calls three healthy. Too few for a normal range, and all that there is.
 */
public enum PublishedSymmetry {
    AREA(Measure.SYMMETRY_RATIO, 1.02, 1.03, 1.15, 1.21),
    HAUSDORFF(Measure.HAUSDORFF_DISTANCE, 1.48, 1.82, 2.34, 3.01);

    /** Where they stand. */
    public static final String SOURCE = "Sci Rep 2021;11:16292, Table 3: 3 healthy, 3 diseased";

    private final Measure measure;
    private final double healthyLeast;
    private final double healthyMost;
    private final double diseasedLeast;
    private final double diseasedMost;

    PublishedSymmetry(
            Measure measure,
            double healthyLeast,
            double healthyMost,
            double diseasedLeast,
            double diseasedMost) {
        this.measure = measure;
        this.healthyLeast = healthyLeast;
        this.healthyMost = healthyMost;
        this.diseasedLeast = diseasedLeast;
        this.diseasedMost = diseasedMost;
    }

    /** The values of a measure; empty if nobody has published any. */
    public static Optional<PublishedSymmetry> of(Measure measure) {
        return Arrays.stream(values()).filter(p -> p.measure == measure).findFirst();
    }

    /** Smallest value of a healthy patient, in the measure's unit. */
    public double healthyLeast() {
        return healthyLeast;
    }

    /** Largest value of a healthy patient. */
    public double healthyMost() {
        return healthyMost;
    }

    /** Smallest value of a diseased patient. */
    public double diseasedLeast() {
        return diseasedLeast;
    }

    /** Largest value of a diseased patient. */
    public double diseasedMost() {
        return diseasedMost;
    }
}
