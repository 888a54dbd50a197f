package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.Peers;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;

/** The Surface Segmentation, read back by pydicom and numpy. */
class SurfaceSegmentationWriterTest {

    /** How far the surfaces that are sent may lie from the measured ones, mm. */
    private static final double APART_MM = 0.05;

    private static final double AREA_SHARE = 0.003;

    /** VTK estimates volumes from three projections. */
    private static final double VTK_SHARE = 0.002;

    private final StudyResult result = ExampleResults.both(ExampleResults.sagittal());

    @Test
    void readersFindTheSameVolumesAndAreasInPatientCoordinates(@TempDir Path folder) {
        Path file = ResultFiles.write(folder, result).get(ResultObject.Kind.SURFACE_SEGMENTATION);
        List<String[]> surfaces =
                Peers.pydicom(getClass(), "surfaces.py", file)
                        .lines()
                        .map(l -> l.split("\\|"))
                        .toList();
        List<Segment> segments = Segment.of(result, new ResultIdentity(result));
        assertThat(surfaces).hasSize(segments.size()).hasSize(6);
        for (int s = 0; s < surfaces.size(); s++) {
            String[] read = surfaces.get(s);
            Segment segment = segments.get(s);
            TriangleMesh mesh =
                    segment.kind().mesh(ExampleResults.joint(segment.side()).surfaces());
            MeshMeasures measures = MeshMeasures.of(mesh);
            assertThat(Integer.parseInt(read[0])).isEqualTo(segment.number());
            assertThat(read[1]).isEqualTo(segment.label());
            // Fewer triangles than were measured, round the same volume.
            assertThat(number(read[2])).isCloseTo(measures.volumeMm3(), within(0.05));
            assertThat(number(read[3]) / measures.areaMm2()).isCloseTo(1, within(AREA_SHARE));
            for (int axis = 0; axis < 3; axis++) {
                double[] range = range(mesh, axis);
                assertThat(number(read[4 + axis])).isCloseTo(range[0], within(APART_MM));
                assertThat(number(read[7 + axis])).isCloseTo(range[1], within(APART_MM));
            }
            assertThat(number(read[10])).as("length of normals").isLessThan(1e-5);
            assertThat(number(read[11])).as("share of normals that point out").isGreaterThan(0.99);
            assertThat(read[12]).as("Finite Volume").isEqualTo(measures.closed() ? "YES" : "NO");
            assertThat(read[13])
                    .as("Manifold")
                    .isEqualTo(measures.manifold() && measures.oriented() ? "YES" : "NO");
        }
    }

    @Test
    void vtkFindsTheSameVolumesAndAreasAndNoBorder(@TempDir Path folder) {
        Path file = ResultFiles.write(folder, result).get(ResultObject.Kind.SURFACE_SEGMENTATION);
        List<String[]> surfaces =
                Peers.pydicom(getClass(), "surfaces_vtk.py", file)
                        .lines()
                        .map(l -> l.split("\\|"))
                        .toList();
        assumeTrue(surfaces.getFirst().length == 5, surfaces.getFirst()[0]);
        List<Segment> segments = Segment.of(result, new ResultIdentity(result));
        assertThat(surfaces).hasSize(segments.size());
        for (int s = 0; s < surfaces.size(); s++) {
            String[] read = surfaces.get(s);
            Segment segment = segments.get(s);
            TriangleMesh mesh =
                    segment.kind().mesh(ExampleResults.joint(segment.side()).surfaces());
            assertThat(read[0]).isEqualTo(segment.label());
            assertThat(number(read[1]) / MeshMeasures.volumeMm3(mesh))
                    .isCloseTo(1, within(VTK_SHARE));
            assertThat(number(read[2]) / MeshMeasures.areaMm2(mesh))
                    .isCloseTo(1, within(AREA_SHARE));
            assertThat(number(read[3])).as("borders and folds").isZero();
            assertThat(read[4]).isEqualTo("YES");
        }
    }

    @Test
    void leftSurfacesLieOnThePatientsLeft(@TempDir Path folder) {
        // LPS: x grows to the patient's left.
        for (Side side : Side.values()) {
            double[] x = range(ExampleResults.joint(side).surfaces().condyle(), 0);
            assertThat(x[0] > 0).isEqualTo(side == Side.LEFT);
        }
        Path file = ResultFiles.write(folder, result).get(ResultObject.Kind.SURFACE_SEGMENTATION);
        Peers.pydicom(getClass(), "surfaces.py", file)
                .lines()
                .map(l -> l.split("\\|"))
                .forEach(f -> assertThat(number(f[4]) > 0).isEqualTo(f[1].startsWith("Left ")));
    }

    @Test
    void surfacesAreTheSegmentsOfTheSegmentation() {
        List<ResultObject> objects = ResultObjects.of(result);
        ResultObject seg = objects.get(0);
        Attributes surface = objects.get(1).dataset();
        assertThat(surface.getSequence(Tag.SegmentSequence))
                .zipSatisfy(
                        seg.dataset().getSequence(Tag.SegmentSequence),
                        (a, b) -> {
                            for (int tag :
                                    List.of(
                                            Tag.SegmentNumber,
                                            Tag.SegmentLabel,
                                            Tag.TrackingID,
                                            Tag.TrackingUID)) {
                                assertThat(a.getString(tag)).isEqualTo(b.getString(tag));
                            }
                            for (int tag :
                                    List.of(
                                            Tag.SegmentedPropertyCategoryCodeSequence,
                                            Tag.SegmentedPropertyTypeCodeSequence,
                                            Tag.AnatomicRegionSequence)) {
                                assertThat(a.getSequence(tag)).isEqualTo(b.getSequence(tag));
                            }
                            Attributes source =
                                    a.getNestedDataset(Tag.ReferencedSurfaceSequence)
                                            .getNestedDataset(
                                                    Tag.SegmentSurfaceSourceInstanceSequence);
                            assertThat(source.getString(Tag.ReferencedSOPInstanceUID))
                                    .isEqualTo(seg.sopInstanceUid());
                        });
        Map<Integer, int[]> colours = new java.util.TreeMap<>();
        seg.dataset()
                .getSequence(Tag.SegmentSequence)
                .forEach(
                        s ->
                                colours.put(
                                        s.getInt(Tag.SegmentNumber, 0),
                                        s.getInts(Tag.RecommendedDisplayCIELabValue)));
        assertThat(surface.getSequence(Tag.SurfaceSequence))
                .allSatisfy(
                        s ->
                                assertThat(s.getInts(Tag.RecommendedDisplayCIELabValue))
                                        .isEqualTo(colours.get(s.getInt(Tag.SurfaceNumber, 0))));
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private static double[] range(TriangleMesh mesh, int axis) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        double[] xyz = mesh.xyzMm();
        for (int i = axis; i < xyz.length; i += 3) {
            low = Math.min(low, xyz[i]);
            high = Math.max(high, xyz[i]);
        }
        return new double[] {low, high};
    }
}
