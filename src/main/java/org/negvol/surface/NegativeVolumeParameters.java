package org.negvol.surface;

import java.util.List;

/**
 * Every number of the method; written into every result, since reach, cut and mouth are part of the
 * measure.
 *
 * @param reachMm how far a vertex of the condyle may travel where no bone stops it, mm. 5.0: above
 *     the normal joint spaces of all directions (Ikeda, Kawamura 2009; JHE 2017: at most 3.0 ± 0.6
 *     mm), so that bone and not reach is what usually stops it
 * @param stepMm length of one inflation step, mm. 0.1: a quarter of the usual voxel
 * @param laplacianWeight share (0 to 1) of the neighbours' mean displacement taken over in each
 *     step. 0.5: chosen; it shapes the way there, not where the surface ends
 * @param neckCut the rule for the neck's cutting plane
 * @param neckCutBelowTopMm for {@link NeckCut#BELOW_TOP}: distance of the plane below the condyle's
 *     highest point along its axis, mm. 10.0: chosen; below the poles (condyles are 4 to 7 mm high
 *     above their greatest width), and inside every scan that shows the joint
 * @param rimWithinMm the temporal bone that is no further than this from the condyle spans the
 *     mouth of the fossa, mm. 8.0: chosen; reach and 3 mm, so that the eminence's crest belongs to
 *     it and the styloid and mastoid processes do not
 * @param edgeMm spacing of the vertices of the surface that is inflated, mm. 0.5: chosen; 0.3 gives
 *     0.3 to 0.5 % more volume, in twice the time
 * @param widestGapMm gaps of the temporal bone up to this width, seen from the condyle, are not
 *     followed, mm. 2.0: chosen; five voxels of 0.4 mm, wider than the holes that a scan makes in a
 *     thin roof, narrower than the fossa's mouth. 0 follows every gap
 */
public record NegativeVolumeParameters(
        double reachMm,
        double stepMm,
        double laplacianWeight,
        NeckCut neckCut,
        double neckCutBelowTopMm,
        double rimWithinMm,
        double edgeMm,
        double widestGapMm) {

    /** Version of the definition; changes when the same parameters would give other numbers. */
    public static final String DEFINITION = "negvol-3";

    public static final NegativeVolumeParameters DEFAULT =
            new NegativeVolumeParameters(5.0, 0.1, 0.5, NeckCut.BELOW_TOP, 10.0, 8.0, 0.5, 2.0);

    public NegativeVolumeParameters {
        require("reachMm", reachMm, 0.5, 20);
        require("stepMm", stepMm, 0.01, reachMm);
        require("laplacianWeight", laplacianWeight, 0, 0.95);
        require("neckCutBelowTopMm", neckCutBelowTopMm, 2, 40);
        require("rimWithinMm", rimWithinMm, reachMm, 40);
        require("edgeMm", edgeMm, 0.2, 2);
        require("widestGapMm", widestGapMm, 0, 10);
    }

    private static void require(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, got %s".formatted(name, min, max, value));
        }
    }

    /**
     * One number of the method as a report states it.
     *
     * @param name the record component's name
     * @param value its value
     * @param ucum its unit; "1" for a share
     */
    public record Parameter(String name, double value, String ucum) {}

    /** All numbers that were in force, in a fixed order. */
    public List<Parameter> numbers() {
        return List.of(
                new Parameter("reachMm", reachMm, "mm"),
                new Parameter("stepMm", stepMm, "mm"),
                new Parameter("laplacianWeight", laplacianWeight, "1"),
                new Parameter("neckCutBelowTopMm", neckCutBelowTopMm, "mm"),
                new Parameter("rimWithinMm", rimWithinMm, "mm"),
                new Parameter("edgeMm", edgeMm, "mm"),
                new Parameter("widestGapMm", widestGapMm, "mm"));
    }

    public NegativeVolumeParameters withReachMm(double mm) {
        return new NegativeVolumeParameters(
                mm,
                stepMm,
                laplacianWeight,
                neckCut,
                neckCutBelowTopMm,
                Math.max(rimWithinMm, mm),
                edgeMm,
                widestGapMm);
    }

    public NegativeVolumeParameters withNeckCut(NeckCut cut) {
        return new NegativeVolumeParameters(
                reachMm,
                stepMm,
                laplacianWeight,
                cut,
                neckCutBelowTopMm,
                rimWithinMm,
                edgeMm,
                widestGapMm);
    }

    public NegativeVolumeParameters withNeckCutBelowTopMm(double mm) {
        return new NegativeVolumeParameters(
                reachMm,
                stepMm,
                laplacianWeight,
                NeckCut.BELOW_TOP,
                mm,
                rimWithinMm,
                edgeMm,
                widestGapMm);
    }

    public NegativeVolumeParameters withEdgeMm(double mm) {
        return new NegativeVolumeParameters(
                reachMm,
                stepMm,
                laplacianWeight,
                neckCut,
                neckCutBelowTopMm,
                rimWithinMm,
                mm,
                widestGapMm);
    }

    public NegativeVolumeParameters withWidestGapMm(double mm) {
        return new NegativeVolumeParameters(
                reachMm,
                stepMm,
                laplacianWeight,
                neckCut,
                neckCutBelowTopMm,
                rimWithinMm,
                edgeMm,
                mm);
    }
}
