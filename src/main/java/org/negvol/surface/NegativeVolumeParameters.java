package org.negvol.surface;

/**
 * Every number of the inflation; written into every result, since reach and cut are part of the
 * measure.
 *
 * @param reachMm how far a vertex of the condyle may travel where no bone stops it
 * @param stepMm length of one inflation step, well below a voxel
 * @param laplacianWeight share (0 to 1) of the neighbours' mean displacement taken over in each
 *     step
 * @param neckCutBelowTopMm distance of the neck's cutting plane below the condyle's highest point
 *     along its axis
 */
public record NegativeVolumeParameters(
        double reachMm, double stepMm, double laplacianWeight, double neckCutBelowTopMm) {

    public static final NegativeVolumeParameters DEFAULT =
            new NegativeVolumeParameters(5.0, 0.1, 0.5, 10.0);

    public NegativeVolumeParameters {
        if (!(reachMm > 0 && stepMm > 0 && stepMm <= reachMm && neckCutBelowTopMm > 0)
                || !(laplacianWeight >= 0 && laplacianWeight < 1)) {
            throw new IllegalArgumentException(
                    "reach %s mm, step %s mm, Laplacian weight %s, neck cut %s mm: lengths must be positive, the step no longer than the reach, the weight in [0, 1)"
                            .formatted(reachMm, stepMm, laplacianWeight, neckCutBelowTopMm));
        }
    }
}
