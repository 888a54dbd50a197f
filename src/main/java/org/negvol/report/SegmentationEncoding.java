package org.negvol.report;

/** How the voxels of a Segmentation are written. All of them say the same. */
public enum SegmentationEncoding {
    /**
     * One bit a voxel, a frame a segment and slice: what every viewer that shows Segmentations
     * reads.
     */
    BINARY(ResultObject.Kind.SEGMENTATION, "BINARY"),
    /**
     * One byte a voxel, 0 or 255, a frame a segment and slice: for viewers that misread bits packed
     * across frames (those of 686 × 686 pixels end inside a byte). They take it for binary.
     */
    FRACTIONAL(ResultObject.Kind.SEGMENTATION, "FRACTIONAL"),
    /**
     * One byte a voxel, the number of its segment, a frame a slice (Supplement 243, 2024): for
     * viewers that are young enough.
     */
    LABEL_MAP(ResultObject.Kind.LABEL_MAP_SEGMENTATION, "LABELMAP");

    private final ResultObject.Kind kind;
    private final String segmentationType;

    SegmentationEncoding(ResultObject.Kind kind, String segmentationType) {
        this.kind = kind;
        this.segmentationType = segmentationType;
    }

    ResultObject.Kind kind() {
        return kind;
    }

    /** Segmentation Type (0062,0001). */
    String segmentationType() {
        return segmentationType;
    }

    int bitsAllocated() {
        return this == BINARY ? 1 : 8;
    }
}
