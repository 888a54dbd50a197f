package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
        return textOf(objects(result, "pdf").getFirst(), folder);
    }

    private static String textOf(ResultObject document, Path folder) throws IOException {
        Attributes ds = document.dataset();
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
    void secondaryCaptureOfOneFrameIsThePage() throws IOException {
        StudyResult result = ExampleResults.refusal(GRID);
        ResultObject only =
                new ResultObjects(result, List.of(), NormalValues.PUBLISHED)
                        .made(ReportOptions.parse("objects=sc"))
                        .alternatives()
                        .getFirst();
        assertThat(only.kind()).isEqualTo(ResultObject.Kind.PICTURE);
        assertFrame(only.dataset(), 0, ResultPicture.render(result, null));
    }

    @Test
    void picturesAreThePageAndEachJointInOneSize() throws IOException {
        StudyResult result = ExampleResults.both(GRID);
        Attributes ds = objects(result, "sc").getFirst().dataset();
        List<BufferedImage> frames =
                ResultPicture.details(result, ResultPicture.render(result, null));
        assertThat(ds.getInt(Tag.NumberOfFrames, 0)).isEqualTo(frames.size()).isEqualTo(3);
        for (int f = 0; f < frames.size(); f++) {
            assertFrame(ds, f, frames.get(f));
        }
        // The planes of the page stand in the detail pixel for pixel.
        BufferedImage right = ResultPicture.planes(ResultPicture.render(result, null), Side.RIGHT);
        BufferedImage detail = frames.get(1);
        int places = 0;
        for (int y = 0; y + right.getHeight() <= detail.getHeight(); y++) {
            places += holds(detail, y, right) ? 1 : 0;
        }
        assertThat(places).isEqualTo(1);
    }

    private static boolean holds(BufferedImage detail, int top, BufferedImage planes) {
        for (int y = 0; y < planes.getHeight(); y++) {
            for (int x = 0; x < planes.getWidth(); x++) {
                if (detail.getRGB(28 + x, top + y) != planes.getRGB(x, y)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void assertFrame(Attributes ds, int frame, BufferedImage picture) {
        byte[] pixels = ds.getBytes(Tag.PixelData);
        assertThat(ds.getInt(Tag.Columns, 0)).isEqualTo(picture.getWidth());
        assertThat(ds.getInt(Tag.Rows, 0)).isEqualTo(picture.getHeight());
        int first = frame * picture.getWidth() * picture.getHeight();
        for (int p = 0; p < picture.getWidth() * picture.getHeight(); p++) {
            int o = 3 * (first + p);
            int rgb = (pixels[o] & 0xFF) << 16 | (pixels[o + 1] & 0xFF) << 8 | pixels[o + 2] & 0xFF;
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
    void publishedValuesHaveASourceAMethodAndACohort() {
        assertThat(NormalValues.PUBLISHED.of(Measure.NEGATIVE_VOLUME)).isEmpty();
        NormalValues.Published superior =
                NormalValues.PUBLISHED.of(Measure.SUPERIOR_JOINT_SPACE).orElseThrow();
        assertThat(superior.source()).contains("2017", "3-D", "10 asymptomatic adults");
        assertThat(superior.mean()).isBetween(2.0, 2.6);
        assertThat(NormalValues.PUBLISHED.version()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUPERIOR_JOINT_SPACE ; mm ; 2.3 ; 0.2 ; 3-D ; adults",
                "SUPERIOR_JOINT_SPACE ; mm2 ; 2.3 ; 0.2 ; 3-D ; adults ; somewhere",
                "SUPERIOR_JOINT_SPACE ; mm ; wide ; 0.2 ; 3-D ; adults ; somewhere",
                "SUPERIOR_JOINT_SPACE ; mm ; 2.3 ; -0.2 ; 3-D ; adults ; somewhere",
                "SUPERIOR_JOINT_SPACE ; mm ; 2.3 ; 0.2 ; 4-D ; adults ; somewhere",
                "SUPERIOR_JOINT_SPACE ; mm ; 2.3 ; 0.2 ; 3-D ; ; somewhere",
                "SUPERIOR_JOINT_SPACE ; mm ; NaN ; 0.2 ; 3-D ; adults ; somewhere",
                "SPACE ; mm ; 2.3 ; 0.2 ; 3-D ; adults ; somewhere",
                "version ; again"
            })
    void lineThatIsNotUnderstoodIsNamed(String line) {
        assertThatThrownBy(() -> NormalValues.parse("# a comment\nversion ; 1\n\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 4: ")
                .hasMessageContaining(line);
        assertThatThrownBy(() -> NormalValues.parse(line.startsWith("version") ? "" : line))
                .hasMessageContaining("version ; NAME");
    }

    @Test
    void valuesOfTheClinicStandOnThePageAndInTheReportUnderAnotherUid(@TempDir Path folder)
            throws IOException {
        NormalValues own =
                NormalValues.parse(
                        """
                        version ; clinic 7
                        NEGATIVE_VOLUME ; mm3 ; 1234 ; 56 ; 3-D ; 80 adults ; our own ward
                        """);
        StudyResult result = ExampleResults.both(GRID);
        ReportOptions options = ReportOptions.parse("objects=seg+sr+pdf");
        List<ResultObject> usual = ResultObjects.of(result, options);
        List<ResultObject> others = new ResultObjects(result, List.of(), own).wanted(options);
        assertThat(others.getFirst().sopInstanceUid()).isEqualTo(usual.getFirst().sopInstanceUid());
        for (int i = 1; i < usual.size(); i++) {
            assertThat(others.get(i).sopInstanceUid()).isNotEqualTo(usual.get(i).sopInstanceUid());
        }
        assertThat(textOf(others.getLast(), folder))
                .contains("1234 ± 56 mm³", "our own ward, 80 adults (3-D)", "clinic 7");
        Path report = ResultFiles.write(folder.resolve("sr.dcm"), others.get(1).dataset());
        assertThat(Peer.program("dsrdump").with("+Pl").ask(report).text())
                .contains(
                        "80 adults, measured in 3-D: mean 1234.0 mm3, SD 56.0 mm3",
                        "our own ward",
                        "clinic 7");
    }
}
