package org.negvol.report;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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

    /** The instances that hold the images, in the order of their first ones. */
    List<SourceInstance> instances() {
        return instances(images);
    }

    /** The instances that hold some images. */
    static List<SourceInstance> instances(Collection<SourceImage> images) {
        Map<String, List<SourceImage>> byUid =
                images.stream()
                        .collect(
                                Collectors.groupingBy(
                                        SourceImage::sopInstanceUid,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        return byUid.values().stream().map(SourceSeries::instance).toList();
    }

    private static SourceInstance instance(List<SourceImage> images) {
        SourceImage first = images.getFirst();
        boolean whole =
                first.frame() == 0 || images.size() == first.header().getInt(Tag.NumberOfFrames, 0);
        return new SourceInstance(
                first.sopClassUid(),
                first.sopInstanceUid(),
                whole ? List.of() : images.stream().map(SourceImage::frame).sorted().toList());
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
