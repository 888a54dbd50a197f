package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.Peers;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/** What holds for all objects of a result together. */
class ResultObjectsTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);

    private static byte[] bytes(ResultObject object) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            object.writeTo(out);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static final ReportOptions ALL =
            ReportOptions.parse("objects=seg+surface+sr+stl+sc+pdf+ko");

    static Stream<Arguments> results() {
        return Stream.of(
                Arguments.of(
                        Named.of("both joints", ExampleResults.both(GRID)), ReportOptions.DEFAULT),
                Arguments.of(
                        Named.of("one joint, all objects", ExampleResults.of(GRID, Side.LEFT)),
                        ALL),
                Arguments.of(Named.of("refusal, all objects", ExampleResults.refusal(GRID)), ALL),
                Arguments.of(
                        Named.of("failure", ExampleResults.failure(GRID)), ReportOptions.DEFAULT));
    }

    @ParameterizedTest
    @MethodSource("results")
    void sameResultGivesTheSameBytes(StudyResult result, ReportOptions options) {
        List<byte[]> first = ResultObjects.of(result, options).stream().map(r -> bytes(r)).toList();
        List<byte[]> second =
                ResultObjects.of(result, options).stream().map(r -> bytes(r)).toList();
        assertThat(first).hasSameSizeAs(second);
        for (int i = 0; i < first.size(); i++) {
            assertThat(first.get(i)).isEqualTo(second.get(i));
        }
    }

    @Test
    void refusalIsAReportAlone() {
        assertThat(ResultObjects.of(ExampleResults.refusal(GRID)).stream().map(ResultObject::kind))
                .containsExactly(ResultObject.Kind.STRUCTURED_REPORT);
    }

    @ParameterizedTest
    @EnumSource(ResultObject.Kind.class)
    void alternativesComeLaterInTheOrderOfSendingAndEndWithAPicture(ResultObject.Kind kind) {
        List<ResultObject.Kind> alternatives = kind.alternatives();
        assertThat(alternatives).doesNotContain(kind).doesNotHaveDuplicates();
        if (!alternatives.isEmpty()) {
            assertThat(alternatives.getLast()).isEqualTo(ResultObject.Kind.PICTURE);
        }
        // A refused alternative is looked for an alternative itself: that must end.
        assertThat(alternatives)
                .allMatch(a -> a == ResultObject.Kind.SEGMENTATION || a.compareTo(kind) > 0);
        assertThat(ResultObject.Kind.SEGMENTATION.alternatives())
                .doesNotContain(ResultObject.Kind.LABEL_MAP_SEGMENTATION);
    }

    @Test
    void alternativesAreWrittenAsIfTheyWereWanted() {
        StudyResult result = ExampleResults.of(GRID, Side.LEFT);
        ResultObjects.Made made = made(result, ReportOptions.DEFAULT);
        assertThat(written(made.wanted())).isEqualTo(written(ResultObjects.of(result)));
        assertThat(made.alternatives().stream().map(ResultObject::kind).distinct())
                .containsExactly(
                        ResultObject.Kind.ENCAPSULATED_STL,
                        ResultObject.Kind.ENCAPSULATED_PDF,
                        ResultObject.Kind.PICTURES,
                        ResultObject.Kind.PICTURE);
        ReportOptions all = ReportOptions.parse("objects=seg+surface+sr+stl+pdf+sc");
        assertThat(written(ResultObjects.of(result, all)))
                .containsAll(
                        written(
                                made.alternatives().stream()
                                        .filter(o -> o.kind() != ResultObject.Kind.PICTURE)
                                        .toList()));
    }

    private static ResultObjects.Made made(StudyResult result, ReportOptions options) {
        return new ResultObjects(result, List.of(), NormalValues.PUBLISHED).made(options);
    }

    private static List<String> written(List<ResultObject> objects) {
        return objects.stream()
                .map(o -> new String(bytes(o), java.nio.charset.StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Test
    void eachObjectIsAloneInASeriesOfTheStudyWithAValidUid() {
        StudyResult result = ExampleResults.both(GRID);
        Set<String> series = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        series.add(result.source().seriesInstanceUid());
        for (ResultObject object : ResultObjects.of(result)) {
            Attributes ds = object.dataset();
            assertThat(UIDUtils.isValid(object.sopInstanceUid())).isTrue();
            assertThat(UIDUtils.isValid(object.seriesInstanceUid())).isTrue();
            assertThat(ds.getString(Tag.StudyInstanceUID))
                    .isEqualTo(result.source().studyInstanceUid());
            assertThat(series.add(object.seriesInstanceUid())).isTrue();
            assertThat(numbers.add(ds.getString(Tag.SeriesNumber))).isTrue();
        }
    }

    @Test
    void newVersionGivesNewInstancesWithTheSameTracking() {
        StudyResult old = ExampleResults.both(GRID);
        StudyResult updated =
                new StudyResult(
                        old.source(),
                        old.geometry(),
                        old.joints(),
                        old.symmetry(),
                        old.flags(),
                        old.models(),
                        old.outcome(),
                        "0.2.0");
        List<ResultObject> before = ResultObjects.of(old);
        List<ResultObject> after = ResultObjects.of(updated);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).sopInstanceUid()).isNotEqualTo(before.get(i).sopInstanceUid());
        }
        assertThat(tracking(after.getFirst())).isEqualTo(tracking(before.getFirst()));
    }

    private static List<String> tracking(ResultObject segmentation) {
        return segmentation.dataset().getSequence(Tag.SegmentSequence).stream()
                .map(s -> s.getString(Tag.TrackingUID, ""))
                .toList();
    }

    @Test
    void laterSliceGivesNewInstances() {
        StudyResult all = ExampleResults.refusal(GRID);
        SourceSeries fewer =
                new SourceSeries(
                        all.source().firstImage(),
                        all.source().images().subList(0, GRID.slices() - 1));
        StudyResult early =
                new StudyResult(
                        fewer,
                        null,
                        List.of(),
                        null,
                        all.flags(),
                        all.models(),
                        all.outcome(),
                        "0.1.0");
        assertThat(ResultObjects.of(early).getFirst().sopInstanceUid())
                .isNotEqualTo(ResultObjects.of(all).getFirst().sopInstanceUid());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "objects=seg+sr,segmentation=fractional",
                "objects=seg+sr,segmentation=label-map",
                "objects=sr",
                "objects=seg+sr",
                "coordinates=no"
            })
    void reportsThatDifferHaveDifferentUids(String options) {
        StudyResult result = ExampleResults.of(GRID, Side.LEFT);
        ResultObject usual = ResultObjects.of(result).getLast();
        ResultObject other = ResultObjects.of(result, ReportOptions.parse(options)).getLast();
        assertThat(other.kind()).isEqualTo(usual.kind());
        assertThat(bytes(other)).isNotEqualTo(bytes(usual));
        assertThat(other.sopInstanceUid()).isNotEqualTo(usual.sopInstanceUid());
        assertThat(other.seriesInstanceUid()).isNotEqualTo(usual.seriesInstanceUid());
    }

    @Test
    void patientIsReadAsInTheSourceWhateverItsCharacterSet(@TempDir Path folder) {
        StudyResult latin = ExampleResults.of(GRID, Side.LEFT);
        StudyResult japanese =
                ExampleResults.withHeaders(
                        latin,
                        h -> {
                            h.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
                            h.setString(Tag.PatientName, VR.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう");
                            h.setString(Tag.ReferringPhysicianName, VR.PN, "Ōta^Kōji");
                            h.setString(Tag.InstitutionName, VR.LO, "東京病院");
                        });
        Path first = folder.resolve("latin");
        Path second = folder.resolve("utf8");
        List<Path> files =
                Stream.concat(
                                ResultFiles.write(first, latin).values().stream(),
                                ResultFiles.write(second, japanese).values().stream())
                        .toList();
        assertThat(Peers.pydicom(getClass(), "patient.py", files.toArray()).lines())
                .hasSize(6)
                .allSatisfy(
                        l ->
                                assertThat(l)
                                        .isIn(
                                                "Müller^Änne|P-4711|Günther^Jörg|Universitätsklinik"
                                                        + " Köln",
                                                "Yamada^Tarou=山田^太郎=やまだ^たろう|P-4711|Ōta^Kōji|東京病院"))
                .satisfies(all -> assertThat(new HashSet<>(all)).hasSize(2));
    }

    @Test
    void sourceWithoutDatesHasResultsWithoutTheClock() {
        StudyResult result =
                ExampleResults.withHeaders(
                        ExampleResults.refusal(GRID),
                        h -> {
                            for (int tag :
                                    new int[] {
                                        Tag.StudyDate,
                                        Tag.SeriesDate,
                                        Tag.AcquisitionDate,
                                        Tag.ContentDate,
                                        Tag.StudyTime,
                                        Tag.ContentTime
                                    }) {
                                h.remove(tag);
                            }
                        });
        Attributes ds = ResultObjects.of(result).getFirst().dataset();
        assertThat(ds.getString(Tag.ContentDate)).isEqualTo(CommonModules.UNKNOWN_DATE);
        assertThat(ds.contains(Tag.StudyDate)).isTrue();
        assertThat(ds.containsValue(Tag.StudyDate)).isFalse();
    }

    @Test
    void privateCodesAreUniqueAndFitTheirRepresentation() {
        assertThat(Arrays.stream(PrivateCode.values()).map(c -> c.code().value()))
                .doesNotHaveDuplicates();
        assertThat(Arrays.stream(PrivateCode.values()).map(c -> c.code().meaning()))
                .doesNotHaveDuplicates();
        assertThat(PrivateCode.values())
                .allSatisfy(c -> assertThat(c.definition()).endsWith(".").isNotBlank());
        assertThatThrownBy(() -> new Code("LONGER-THAN-SIXTEEN", "DCM", "too long"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void standardCodesAreThoseOfTheStandard(@TempDir Path folder) {
        Object[] files =
                Stream.concat(
                                ResultFiles.write(folder.resolve("a"), ExampleResults.both(GRID))
                                        .values()
                                        .stream(),
                                ResultFiles.write(folder.resolve("b"), ExampleResults.refusal(GRID))
                                        .values()
                                        .stream())
                        .toArray();
        // Schemes and units that pydicom's dictionary lacks, from PS3.16 itself: TID 1419, 1204,
        // 1602 and CID 5000.
        assertThat(
                        Peers.pydicom(getClass(), "codes.py", files)
                                .lines()
                                .filter(l -> !l.startsWith(PrivateCode.SCHEME + "|")))
                .isSubsetOf(
                        "IBSI|C0JK|Surface Area of Mesh",
                        "IBSI|RNU0|Volume of Mesh",
                        "RFC5646|en|English",
                        "UCUM|{pixels}|pixels",
                        "UMLS|C0034375|Qualitative Evaluations");
    }

    @Test
    void optionsAreReadAsWritten() {
        ReportOptions options =
                ReportOptions.parse(
                        "objects=seg+sr, segmentation=label-map, coordinates=no&deflate=yes&rle=yes");
        assertThat(options.contents())
                .containsExactlyInAnyOrder(
                        ReportOptions.Content.SEGMENTATION, ReportOptions.Content.REPORT);
        assertThat(options.segmentation()).isEqualTo(SegmentationEncoding.LABEL_MAP);
        assertThat(options.spatialCoordinates()).isFalse();
        assertThat(options.deflate()).isTrue();
        assertThat(options.rle()).isTrue();
        assertThat(options.fallback()).isTrue();
        assertThat(ReportOptions.parse("fallback=no").fallback()).isFalse();
        assertThat(ReportOptions.parse("")).isEqualTo(ReportOptions.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "objects=",
                "objects=seg+film",
                "segmentation=8bit",
                "coordinates=",
                "colour=red"
            })
    void unknownOptionIsNamed(String text) {
        assertThatThrownBy(() -> ReportOptions.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(".");
    }

    @ParameterizedTest
    @EnumSource(ReportOptions.Content.class)
    void everyContentCanBeAskedForByItsWord(ReportOptions.Content content) {
        assertThat(ReportOptions.parse("objects=" + content.word()).contents())
                .containsExactly(content);
    }
}
