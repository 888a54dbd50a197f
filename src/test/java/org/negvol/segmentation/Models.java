package org.negvol.segmentation;

/** The embedded networks, loaded once for all tests of a run. */
final class Models {

    static final SegmentationModels EMBEDDED =
            SegmentationModels.load(ModelOptions.DEFAULT.withThreads(2));

    private Models() {}
}
