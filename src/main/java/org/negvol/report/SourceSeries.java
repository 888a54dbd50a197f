package org.negvol.report;

import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;

/**
 * The series the results were computed from.
 *
 * @param firstImage all attributes of one of its images but the pixels: patient, study, equipment
 * @param images its images; in the order of the volume's slices (image k is slice k) where the
 *     series made a volume
 */
public record SourceSeries(Attributes firstImage, List<SourceImage> images) {

    public SourceSeries {
        images = List.copyOf(images);
        if (images.isEmpty()) {
            throw new IllegalArgumentException("a series without images");
        }
        if (firstImage.getString(Tag.StudyInstanceUID, "").isEmpty()
                || firstImage.getString(Tag.SeriesInstanceUID, "").isEmpty()) {
            throw new IllegalArgumentException(
                    "a source series needs its study and series instance UID");
        }
    }

    /** Study Instance UID (0020,000D). */
    public String studyInstanceUid() {
        return firstImage.getString(Tag.StudyInstanceUID, "");
    }

    /** Series Instance UID (0020,000E). */
    public String seriesInstanceUid() {
        return firstImage.getString(Tag.SeriesInstanceUID, "");
    }
}
