package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.volume.VolumeGeometry;

/** How results refer to a scan that is one multi-frame object. */
class FrameReferencesTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);

    /** Those that list sources by themselves: without a Segmentation to name, surfaces do. */
    private static final ReportOptions ALL = ReportOptions.parse("objects=surface+stl+pdf");

    private static Map<ResultObject.Kind, Attributes> objects(StudyResult result) {
        return ResultObjects.of(result).stream()
                .collect(
                        Collectors.toMap(
                                ResultObject::kind, ResultObject::dataset, (first, next) -> first));
    }

    private static StudyResult enhanced(int before) {
        return ExampleResults.enhanced(ExampleResults.both(GRID), before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void everyFrameOfTheSegmentationNamesTheFrameItLiesOn(int before) {
        StudyResult result = enhanced(before);
        Attributes seg = objects(result).get(ResultObject.Kind.SEGMENTATION);
        for (Attributes groups : seg.getSequence(Tag.PerFrameFunctionalGroupsSequence)) {
            Attributes source =
                    groups.getNestedDataset(Tag.DerivationImageSequence)
                            .getNestedDataset(Tag.SourceImageSequence);
            assertThat(source.getString(Tag.ReferencedSOPInstanceUID))
                    .isEqualTo(ExampleResults.ENHANCED_UID);
            assertThat(source.getString(Tag.ReferencedSOPClassUID))
                    .isEqualTo(UID.EnhancedCTImageStorage);
            int frame = source.getInt(Tag.ReferencedFrameNumber, 0);
            assertThat(
                            groups.getNestedDataset(Tag.PlanePositionSequence)
                                    .getDoubles(Tag.ImagePositionPatient)[2])
                    .isEqualTo(GRID.toPatient(0, 0, frame - 1 - before).z());
        }
        assertThat(
                        seg.getNestedDataset(Tag.ReferencedSeriesSequence)
                                .getSequence(Tag.ReferencedInstanceSequence))
                .as("instances, not frames")
                .hasSize(1);
    }

    @Test
    void reportRefersToTheWholeObjectAndItsNumbersToOneFrame() {
        List<Attributes> images =
                images(objects(enhanced(0)).get(ResultObject.Kind.STRUCTURED_REPORT));
        assertThat(images.getFirst().contains(Tag.ReferencedFrameNumber)).isFalse();
        assertThat(images.subList(1, images.size()))
                .isNotEmpty()
                .allSatisfy(
                        i -> {
                            assertThat(i.getInts(Tag.ReferencedFrameNumber)).hasSize(1);
                            assertThat(i.getInt(Tag.ReferencedFrameNumber, 0))
                                    .isBetween(1, GRID.slices());
                        });
    }

    @Test
    void reportNamesTheFramesWhereSomeWereNotUsed() {
        List<Attributes> images =
                images(objects(enhanced(3)).get(ResultObject.Kind.STRUCTURED_REPORT));
        assertThat(images.getFirst().getInts(Tag.ReferencedFrameNumber))
                .containsExactly(IntStream.rangeClosed(4, GRID.slices() + 3).toArray());
    }

    @Test
    void evidenceNamesTheObjectOnce() {
        Attributes report = objects(enhanced(3)).get(ResultObject.Kind.STRUCTURED_REPORT);
        List<String> named = new ArrayList<>();
        for (Attributes series :
                report.getNestedDataset(Tag.CurrentRequestedProcedureEvidenceSequence)
                        .getSequence(Tag.ReferencedSeriesSequence)) {
            for (Attributes instance : series.getSequence(Tag.ReferencedSOPSequence)) {
                named.add(instance.getString(Tag.ReferencedSOPInstanceUID, ""));
            }
        }
        assertThat(named).containsOnlyOnce(ExampleResults.ENHANCED_UID);
    }

    @Test
    void otherFramesOfTheSameObjectGiveAnotherResult() {
        assertThat(new ResultIdentity(enhanced(0)).uid("x"))
                .isEqualTo(new ResultIdentity(enhanced(0)).uid("x"))
                .isNotEqualTo(new ResultIdentity(enhanced(3)).uid("x"));
    }

    @Test
    void documentsNameTheObjectOnce() {
        for (ResultObject object : ResultObjects.of(enhanced(3), ALL)) {
            Attributes first = object.dataset().getNestedDataset(Tag.SegmentSequence);
            List<Attributes> sources =
                    first == null
                            ? object.dataset().getSequence(Tag.SourceInstanceSequence)
                            : first.getNestedDataset(Tag.ReferencedSurfaceSequence)
                                    .getSequence(Tag.SegmentSurfaceSourceInstanceSequence);
            assertThat(sources).as(object.kind().name()).hasSize(1);
            assertThat(sources.getFirst().getString(Tag.ReferencedSOPInstanceUID))
                    .isEqualTo(ExampleResults.ENHANCED_UID);
        }
    }

    /** The references to the source of all content items, the image library's first. */
    private static List<Attributes> images(Attributes item) {
        List<Attributes> found = new ArrayList<>();
        for (Attributes child : item.getSequence(Tag.ContentSequence)) {
            Attributes reference = child.getNestedDataset(Tag.ReferencedSOPSequence);
            if (reference != null
                    && reference
                            .getString(Tag.ReferencedSOPInstanceUID, "")
                            .equals(ExampleResults.ENHANCED_UID)) {
                found.add(reference);
            }
            found.addAll(images(child));
        }
        return found;
    }
}
