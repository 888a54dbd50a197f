package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.measure.Measure;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/** The objects for people and programs that know no Segmentation: page, models, key objects. */
class PageTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);

    private static List<ResultObject> objects(StudyResult result, String contents) {
        return ResultObjects.of(result, ReportOptions.parse("objects=" + contents));
    }

    /** What poppler's pdftotext reads on the page. */
    private static String text(StudyResult result, Path folder) throws IOException {
        Attributes ds = objects(result, "pdf").getFirst().dataset();
        byte[] pdf = ds.getBytes(Tag.EncapsulatedDocument);
        assertThat(ds.getLong(Tag.EncapsulatedDocumentLength, 0)).isLessThanOrEqualTo(pdf.length);
        Path file = Files.write(folder.resolve("page.pdf"), pdf);
        Peer.Answer answer = Peer.program("pdftotext").with("-layout").ask(file);
        assertThat(answer.exitStatus()).as(answer.text()).isZero();
        return Files.readString(folder.resolve("page.txt"));
    }

    @Test
    void pageSaysWhoseScanWhichNumbersAndWhatTheyAreGoodFor(@TempDir Path folder)
            throws IOException {
        StudyResult result = ExampleResults.both(GRID);
        String text = text(result, folder);
        assertThat(text)
                .contains("Müller, Änne", "P-4711", "2024-02-29", "Done")
                .contains("Not for primary diagnosis")
                .contains("neck cut 10.0 mm below the top")
                .contains("12 % of the surface ends at the reach of 5.0 mm.")
                .contains("none published")
                .contains("2.77 ± 0.43 mm [1]");
        for (Side side : Side.values()) {
            double mm3 =
                    result.joint(side)
                            .orElseThrow()
                            .measures()
                            .value(Measure.NEGATIVE_VOLUME)
                            .orElseThrow();
            assertThat(text).contains(ReadableMeasure.value(Measure.NEGATIVE_VOLUME, mm3));
        }
    }

    @Test
    void pageOfARefusalSaysWhyAndHoldsNoNumbers(@TempDir Path folder) throws IOException {
        assertThat(text(ExampleResults.refusal(GRID), folder))
                .contains("Not applicable", "The scan shows no mandible")
                .doesNotContain("mm³", "Joint space");
    }

    @Test
    void lettersThatTheFontLacksDoNotStopThePage(@TempDir Path folder) throws IOException {
        StudyResult result =
                ExampleResults.withHeaders(
                        ExampleResults.refusal(GRID),
                        h ->
                                h.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192")
                                        .setString(Tag.PatientName, VR.PN, "山田^太郎"));
        assertThat(text(result, folder)).contains("??, ??", "P-4711");
    }

    @Test
    void secondaryCaptureIsThePicture() throws IOException {
        StudyResult result = ExampleResults.refusal(GRID);
        Attributes ds = objects(result, "sc").getFirst().dataset();
        var picture = ResultPicture.render(result, null);
        byte[] pixels = ds.getBytes(Tag.PixelData);
        assertThat(ds.getInt(Tag.Columns, 0)).isEqualTo(picture.getWidth());
        assertThat(ds.getInt(Tag.Rows, 0)).isEqualTo(picture.getHeight());
        for (int p = 0; p < picture.getWidth() * picture.getHeight(); p++) {
            int rgb =
                    (pixels[3 * p] & 0xFF) << 16
                            | (pixels[3 * p + 1] & 0xFF) << 8
                            | pixels[3 * p + 2] & 0xFF;
            if (rgb
                    != (picture.getRGB(p % picture.getWidth(), p / picture.getWidth())
                            & 0xFFFFFF)) {
                throw new AssertionError("pixel " + p + " differs");
            }
        }
    }

    @Test
    void modelsAreTheSurfacesInMillimetres() {
        StudyResult result = ExampleResults.both(GRID);
        List<ResultObject> models = objects(result, "seg+stl");
        models = models.subList(1, models.size());
        List<Segment> segments = Segment.of(result, new ResultIdentity(result));
        assertThat(models).hasSize(segments.size());
        assertThat(models.stream().map(ResultObject::seriesInstanceUid).distinct()).hasSize(1);
        assertThat(models.stream().map(ResultObject::sopInstanceUid)).doesNotHaveDuplicates();
        assertThat(models.stream().map(ResultObject::fileName)).doesNotHaveDuplicates();
        for (int m = 0; m < models.size(); m++) {
            Segment segment = segments.get(m);
            TriangleMesh mesh =
                    segment.kind().mesh(ExampleResults.joint(segment.side()).surfaces());
            Attributes ds = models.get(m).dataset();
            assertThat(ds.getString(Tag.DocumentTitle)).isEqualTo(segment.label());
            Stl stl = new Stl(ds.getBytes(Tag.EncapsulatedDocument));
            assertThat(stl.triangles()).isBetween(100, mesh.triangleCount());
            assertThat(stl.volume())
                    .isCloseTo(
                            MeshMeasures.of(mesh).volumeMm3(),
                            org.assertj.core.api.Assertions.within(0.05));
        }
    }

    /** A binary STL read by its definition. */
    private record Stl(byte[] bytes) {
        int triangles() {
            return buffer().getInt(80);
        }

        double volume() {
            double sum = 0;
            var b = buffer();
            assertThat(new String(bytes, 0, 5, java.nio.charset.StandardCharsets.US_ASCII))
                    .isNotEqualTo("solid");
            for (int t = 0; t < triangles(); t++) {
                float[] v = new float[9];
                for (int i = 0; i < 9; i++) {
                    v[i] = b.getFloat(84 + 50 * t + 12 + 4 * i);
                }
                sum +=
                        v[0] * ((double) v[4] * v[8] - (double) v[5] * v[7])
                                + v[1] * ((double) v[5] * v[6] - (double) v[3] * v[8])
                                + v[2] * ((double) v[3] * v[7] - (double) v[4] * v[6]);
            }
            return sum / 6;
        }

        private java.nio.ByteBuffer buffer() {
            return java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Test
    void keyObjectsNameEverythingElse() {
        List<ResultObject> objects =
                objects(ExampleResults.of(GRID, Side.LEFT), "seg+surface+sr+stl+ko");
        Attributes keys = objects.getLast().dataset();
        assertThat(
                        keys.getSequence(Tag.ContentSequence).stream()
                                .filter(i -> i.contains(Tag.ReferencedSOPSequence))
                                .map(
                                        i ->
                                                i.getNestedDataset(Tag.ReferencedSOPSequence)
                                                        .getString(Tag.ReferencedSOPInstanceUID)))
                .containsExactlyElementsOf(
                        objects.subList(0, objects.size() - 1).stream()
                                .map(ResultObject::sopInstanceUid)
                                .toList());
    }

    @Test
    void publishedValuesHaveASourceAndAMethod() throws IOException {
        assertThat(NormalValues.PUBLISHED.of(Measure.NEGATIVE_VOLUME))
                .as("nobody has published any")
                .isEmpty();
        assertThat(NormalValues.PUBLISHED.of(Measure.SUPERIOR_JOINT_SPACE))
                .hasValueSatisfying(v -> assertThat(v.source()).contains("2017", "3-D"));
        for (String line :
                List.of(
                        "NO_SUCH_MEASURE;1;;3-D;a;b",
                        "FOSSA_DEPTH;much;;3-D;a;b",
                        "FOSSA_DEPTH;1")) {
            assertThatThrownBy(() -> NormalValues.read(new BufferedReader(new StringReader(line))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(line);
        }
    }
}
