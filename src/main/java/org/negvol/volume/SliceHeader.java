package org.negvol.volume;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one CT image, or one frame of a multi-frame one, says of itself before its pixels are read.
 *
 * @param sopInstanceUid SOP Instance UID (0008,0018)
 * @param frame number of the frame, from 1, as Referenced Frame Number (0008,1160) counts; 0 for an
 *     image that has no frames
 * @param seriesUid Series Instance UID (0020,000E)
 * @param frameOfReferenceUid Frame of Reference UID (0020,0052), empty if the image has none
 * @param modality Modality (0008,0060)
 * @param imageType the values of Image Type (0008,0008)
 * @param rows Rows (0028,0010)
 * @param columns Columns (0028,0011)
 * @param placement where the image lies; null if it does not say
 * @param rescaleSlope Rescale Slope (0028,1053)
 * @param rescaleIntercept Rescale Intercept (0028,1052)
 * @param source where the reader of the series finds the image: a path or a key, opaque here
 */
public record SliceHeader(
        String sopInstanceUid,
        int frame,
        String seriesUid,
        String frameOfReferenceUid,
        String modality,
        List<String> imageType,
        int rows,
        int columns,
        @Nullable Placement placement,
        double rescaleSlope,
        double rescaleIntercept,
        String source) {

    public SliceHeader {
        imageType = List.copyOf(imageType);
    }

    /** Whether the image is a scout (Image Type value LOCALIZER, PS3.3 C.8.2.1.1.1). */
    public boolean isLocalizer() {
        return imageType.contains("LOCALIZER");
    }

    /**
     * The image plane of PS3.3 C.7.6.2.
     *
     * @param rowSpacingMm distance of neighbouring rows: the first value of Pixel Spacing
     * @param columnSpacingMm distance of neighbouring columns: the second value
     * @param rowDirection unit vector along a row: the first triple of Image Orientation (Patient)
     * @param columnDirection unit vector along a column: the second triple
     * @param positionMm Image Position (Patient): the centre of the first voxel, LPS mm
     */
    public record Placement(
            double rowSpacingMm,
            double columnSpacingMm,
            Vec3 rowDirection,
            Vec3 columnDirection,
            Vec3 positionMm) {

        /** Cosines are written with few digits by some scanners: 1e-3 is 0.06 degrees. */
        private static final double COSINE_TOLERANCE = 1e-3;

        public Placement {
            if (!(rowSpacingMm > 0 && columnSpacingMm > 0)) {
                throw new IllegalArgumentException(
                        "pixel spacing must be positive, got %s\\%s"
                                .formatted(rowSpacingMm, columnSpacingMm));
            }
            if (!(Math.abs(rowDirection.norm() - 1) < COSINE_TOLERANCE
                    && Math.abs(columnDirection.norm() - 1) < COSINE_TOLERANCE
                    && Math.abs(rowDirection.dot(columnDirection)) < COSINE_TOLERANCE)) {
                throw new IllegalArgumentException(
                        "image orientation needs two orthogonal unit vectors, got %s and %s"
                                .formatted(rowDirection, columnDirection));
            }
            if (!positionMm.isFinite()) {
                throw new IllegalArgumentException("image position is not finite: " + positionMm);
            }
            rowDirection = rowDirection.normalised();
            columnDirection = columnDirection.normalised();
        }

        /** Unit vector out of the image plane, row × column. */
        public Vec3 normal() {
            return rowDirection.cross(columnDirection);
        }

        boolean isParallelTo(Placement o) {
            return rowDirection.dot(o.rowDirection) > 1 - 1e-5
                    && columnDirection.dot(o.columnDirection) > 1 - 1e-5
                    && Math.abs(rowSpacingMm / o.rowSpacingMm - 1) < 1e-3
                    && Math.abs(columnSpacingMm / o.columnSpacingMm - 1) < 1e-3;
        }
    }
}
