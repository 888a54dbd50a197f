package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Measure;
import org.negvol.measure.Measurement;
import org.negvol.measure.SymmetryMeasures;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/** What independent validators say of the objects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ValidatorTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);

    /** The one thing dciodvfy always says of a private code. */
    private static final String PRIVATE_SCHEME =
            "Warning - Unrecognized defined term <99NEGVOL> for value 1 of attribute <Coding Scheme"
                    + " Designator>";

    private static final Map<String, Supplier<StudyResult>> RESULTS = new LinkedHashMap<>();

    static {
        RESULTS.put("both joints", () -> ExampleResults.both(GRID));
        RESULTS.put("one joint", () -> ExampleResults.of(GRID, Side.RIGHT));
        RESULTS.put(
                "686 x 686",
                () -> ExampleResults.both(ExampleResults.axial(686, 686, 24, 0.2, 1.5)));
        RESULTS.put("sagittal", () -> ExampleResults.both(ExampleResults.sagittal()));
        RESULTS.put("gantry tilt", () -> ExampleResults.both(ExampleResults.tilted(12)));
        RESULTS.put("not applicable", () -> ExampleResults.refusal(GRID));
        RESULTS.put("failed", () -> ExampleResults.failure(GRID));
        RESULTS.put("frames", () -> ExampleResults.enhanced(ExampleResults.both(GRID), 3));
        RESULTS.put("odd source", ValidatorTest::oddSource);
    }

    private Path folder;
    private final Map<String, Map<ResultObject.Kind, Path>> written = new HashMap<>();

    @BeforeAll
    void keep(@TempDir Path filesOfAllTests) {
        folder = filesOfAllTests;
    }

    /** The usual objects of a result, written once for all validators. */
    private Map<ResultObject.Kind, Path> files(String result) {
        return written.computeIfAbsent(
                result, r -> ResultFiles.write(folder.resolve(r), RESULTS.get(r).get()));
    }

    static Stream<String> results() {
        return RESULTS.keySet().stream();
    }

    /** A scan with private elements, UTF-8, a time zone, and without what type 2 allows to lack. */
    private static StudyResult oddSource() {
        return ExampleResults.withHeaders(
                ExampleResults.both(GRID),
                h -> {
                    h.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
                    h.setString(Tag.PatientName, VR.PN, "Yamada^Tarou=山田^太郎");
                    h.setString(0x00090010, VR.LO, "EXAMPLE 1.0");
                    h.setString(0x00091001, VR.LO, "private");
                    h.setString(Tag.TimezoneOffsetFromUTC, VR.SH, "+0900");
                    h.setString(Tag.LossyImageCompression, VR.CS, "01");
                    h.remove(Tag.PatientBirthDate);
                    h.remove(Tag.PatientSex);
                    h.remove(Tag.ReferringPhysicianName);
                    h.remove(Tag.AccessionNumber);
                    h.remove(Tag.FrameOfReferenceUID);
                    h.remove(Tag.PositionReferenceIndicator);
                    h.remove(Tag.SeriesNumber);
                    h.remove(Tag.SliceThickness);
                    h.remove(Tag.Manufacturer);
                });
    }

    @ParameterizedTest
    @MethodSource("results")
    void dciodvfyHasNothingToSay(String result) {
        Peer dciodvfy = Peer.program("dciodvfy");
        for (Path file : files(result).values()) {
            assertThat(said(dciodvfy, file)).as(file.getFileName().toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "one joint, segmentation=fractional",
        "one joint, objects=surface+stl",
        "one joint, objects=seg+surface+sr+stl+sc+pdf+ko",
        "not applicable, objects=seg+surface+sr+stl+sc+pdf+ko"
    })
    void dciodvfyHasNothingToSayOfWhatADestinationMayAskFor(
            String result, String options, @TempDir Path others) {
        Peer dciodvfy = Peer.program("dciodvfy");
        StudyResult asked = RESULTS.get(result).get();
        for (Path file : ResultFiles.write(others, asked, ReportOptions.parse(options)).values()) {
            assertThat(said(dciodvfy, file)).as(file.getFileName().toString()).isEmpty();
        }
    }

    private static List<String> said(Peer dciodvfy, Path file) {
        return dciodvfy.ask(file).lines().stream()
                .filter(l -> l.startsWith("Error") || l.startsWith("Warning"))
                .filter(l -> !l.equals(PRIVATE_SCHEME))
                .toList();
    }

    @Test
    void dcentvfyFindsThemConsistentWithTheStudy() {
        Peer dcentvfy = Peer.program("dcentvfy");
        StudyResult result = ExampleResults.both(GRID);
        List<Path> files = new ArrayList<>(files("both joints").values());
        files.addAll(ResultFiles.writeSource(folder, result.source(), 3));
        // Of every Structured Report it says that its Accession Number is another entity's.
        assertThat(dcentvfy.ask(files.toArray(Path[]::new)).lines())
                .filteredOn(l -> !l.contains("AccessionNumber"))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("results")
    void dsrdumpReadsTheReport(String result) {
        Peer dsrdump = Peer.program("dsrdump");
        Path file = files(result).get(ResultObject.Kind.STRUCTURED_REPORT);
        Peer.Answer answer = dsrdump.ask(file);
        assertThat(answer.exitStatus()).as(answer.text()).isZero();
        assertThat(answer.text()).contains("Comprehensive 3D SR Document", "UNVERIFIED");
        assertThat(answer.startingWith("E:")).isEmpty();
    }

    /**
     * TID 1500 and all below it. PixelMed takes all groups of a report for TID 1411 as soon as one
     * is; so it is given the groups of either template alone. Few numbers and images, since it is
     * slow.
     */
    @Test
    void pixelMedFindsTheReportAsItsTemplatesAsk() {
        Peer pixelMed = Peer.pixelMed();
        List<Path> files = List.of(only("1411"), only("1501"));
        Peer.Answer answer = pixelMed.ask(files.toArray(Path[]::new));
        assertThat(answer.lines())
                .filteredOn(l -> l.equals("Found Root Template TID_1500 (MeasurementReport)"))
                .as(answer.text())
                .hasSize(files.size());
        assertThat(answer.startingWith("Error")).isEmpty();
        // Where a joint is missing, its side stands below the reason; TID 1500 may be extended.
        assertThat(answer.startingWith("Warning"))
                .filteredOn(
                        l -> !l.contains("\"Quality Issue\")/CODE (272741003,SCT,\"Laterality\")"))
                .isEmpty();
    }

    private Path only(String template) {
        StudyResult result =
                fewNumbers(ExampleResults.both(ExampleResults.axial(211, 107, 8, 0.8, 7)));
        Attributes ds = new Attributes(ResultObjects.of(result).getLast().dataset());
        Attributes measurements =
                ds.getSequence(Tag.ContentSequence).stream()
                        .filter(
                                i ->
                                        i.getNestedDataset(Tag.ConceptNameCodeSequence)
                                                .getString(Tag.CodeValue, "")
                                                .equals("126010"))
                        .findFirst()
                        .orElseThrow();
        measurements.setSequence(
                Tag.ContentSequence,
                measurements.getSequence(Tag.ContentSequence).stream()
                        .filter(
                                i ->
                                        !i.contains(Tag.ContentTemplateSequence)
                                                || i.getNestedDataset(Tag.ContentTemplateSequence)
                                                        .getString(Tag.TemplateIdentifier, "")
                                                        .equals(template))
                        .map(Attributes::new)
                        .toList());
        return ResultFiles.write(folder.resolve(template + ".dcm"), ds);
    }

    private static StudyResult fewNumbers(StudyResult result) {
        return new StudyResult(
                result.source(),
                result.geometry(),
                result.joints().stream()
                        .map(
                                j ->
                                        new JointResult(
                                                j.side(),
                                                j.segmented(),
                                                j.surfaces(),
                                                new JointMeasures(
                                                        j.side(),
                                                        few(j.measures().measurements()),
                                                        List.of(),
                                                        j.measures().landmarks().subList(0, 1),
                                                        null,
                                                        null,
                                                        null),
                                                j.meshes()))
                        .toList(),
                new SymmetryMeasures(few(result.symmetry().measurements()), 0.41),
                result.flags(),
                result.models(),
                result.outcome(),
                result.pipelineVersion());
    }

    /** One of each way to write a number. */
    private static List<Measurement> few(List<Measurement> all) {
        List<Measure> kept =
                Arrays.asList(
                        Measure.NEGATIVE_VOLUME,
                        Measure.CONDYLE_AREA,
                        Measure.FOSSA_DEPTH,
                        Measure.JOINT_SPACE_ANTERIOR_SD,
                        Measure.SUPERIOR_JOINT_SPACE,
                        Measure.HAUSDORFF_DISTANCE);
        return all.stream().filter(m -> kept.contains(m.measure())).toList();
    }
}
