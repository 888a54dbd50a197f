package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.measure.Measure;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/** The Structured Report: what TID 1500 asks, and what viewers trip over. */
class MeasurementReportTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);

    /** A content item and the way to it. */
    private record Item(Attributes ds, int depth) {
        String type() {
            return ds.getString(Tag.ValueType, "");
        }

        String relationship() {
            return ds.getString(Tag.RelationshipType, "");
        }

        String concept() {
            Attributes name = ds.getNestedDataset(Tag.ConceptNameCodeSequence);
            return name == null ? "" : name.getString(Tag.CodeValue, "");
        }

        String code() {
            return ds.getNestedDataset(Tag.ConceptCodeSequence).getString(Tag.CodeValue, "");
        }

        String text() {
            return ds.getString(Tag.TextValue, "");
        }

        List<Item> children() {
            return ds.getSequence(Tag.ContentSequence).stream()
                    .map(c -> new Item(c, depth + 1))
                    .toList();
        }

        List<Item> children(String concept) {
            return children().stream().filter(c -> c.concept().equals(concept)).toList();
        }

        Stream<Item> all() {
            return Stream.concat(Stream.of(this), children().stream().flatMap(Item::all));
        }

        String template() {
            Attributes template = ds.getNestedDataset(Tag.ContentTemplateSequence);
            return template == null ? "" : template.getString(Tag.TemplateIdentifier, "");
        }
    }

    private static final StudyResult BOTH = ExampleResults.both(GRID);
    private static final StudyResult RIGHT = ExampleResults.of(GRID, Side.RIGHT);

    private static final Map<StudyResult, List<ResultObject>> OBJECTS = new IdentityHashMap<>();

    /** Made once: no test changes them. */
    private static List<ResultObject> objects(StudyResult result) {
        return OBJECTS.computeIfAbsent(result, ResultObjects::of);
    }

    private static Item report(StudyResult result) {
        return new Item(objects(result).getLast().dataset(), 0);
    }

    static Stream<Named<StudyResult>> results() {
        return Stream.of(
                Named.of("both joints", BOTH),
                Named.of("one joint", RIGHT),
                Named.of("refusal", ExampleResults.refusal(GRID)),
                Named.of("failure", ExampleResults.failure(GRID)));
    }

    private static List<Item> groups(Item root) {
        return root.children("126010").getFirst().children("125007");
    }

    @ParameterizedTest
    @MethodSource("results")
    void viewersFindTheContainersTheyLookFor(StudyResult result) {
        Item root = report(result);
        assertThat(root.concept()).isEqualTo("126000");
        assertThat(root.template()).isEqualTo("1500");
        Item library = root.children("111028").getFirst();
        List<Item> images = library.children("126200").getFirst().children("");
        assertThat(images).hasSize(result.source().images().size());
        assertThat(groups(root)).isNotEmpty();
        assertThat(root.ds().getString(Tag.CompletionFlag)).isEqualTo("COMPLETE");
        assertThat(root.ds().getString(Tag.VerificationFlag)).isEqualTo("UNVERIFIED");
        assertThat(root.all().filter(i -> i.concept().equals("USE")).map(Item::text))
                .singleElement()
                .asString()
                .containsIgnoringCase("not for primary diagnosis");
    }

    @ParameterizedTest
    @MethodSource("results")
    void everyGroupIsTrackedByItsOwnUidBeforeAnyOther(StudyResult result) {
        Set<String> uids = new HashSet<>();
        for (Item group : groups(report(result))) {
            List<Item> children = group.children();
            assertThat(children.get(0).concept()).isEqualTo("112039");
            Item uid =
                    children.stream()
                            .filter(c -> c.type().equals("UIDREF"))
                            .findFirst()
                            .orElseThrow();
            assertThat(uid.concept()).isEqualTo("112040");
            assertThat(children.indexOf(uid)).isEqualTo(1);
            assertThat(uids.add(uid.ds().getString(Tag.UID))).as("its own UID").isTrue();
        }
    }

    @Test
    void groupOfASegmentRefersToThatSegmentAlone() {
        StudyResult result = BOTH;
        List<ResultObject> objects = objects(result);
        ResultObject seg = objects.getFirst();
        List<Item> groups =
                groups(new Item(objects.getLast().dataset(), 0)).stream()
                        .filter(g -> g.template().equals("1411"))
                        .toList();
        List<Integer> numbers = new ArrayList<>();
        for (Item group : groups) {
            List<Item> references = group.children("121191");
            assertThat(references).hasSize(1);
            Attributes sop = references.getFirst().ds().getNestedDataset(Tag.ReferencedSOPSequence);
            assertThat(sop.getString(Tag.ReferencedSOPInstanceUID)).isEqualTo(seg.sopInstanceUid());
            assertThat(sop.getString(Tag.ReferencedSOPClassUID)).isEqualTo(seg.sopClassUid());
            int number = sop.getInt(Tag.ReferencedSegmentNumber, 0);
            numbers.add(number);
            Attributes segment =
                    seg.dataset().getSequence(Tag.SegmentSequence).stream()
                            .filter(s -> s.getInt(Tag.SegmentNumber, 0) == number)
                            .findFirst()
                            .orElseThrow();
            assertThat(group.children("112039").getFirst().text())
                    .isEqualTo(segment.getString(Tag.TrackingID));
            assertThat(group.children("112040").getFirst().ds().getString(Tag.UID))
                    .isEqualTo(segment.getString(Tag.TrackingUID));
            Item site = group.children("363698007").getFirst();
            assertThat(site.relationship()).isEqualTo("HAS CONCEPT MOD");
            assertThat(site.children("272741003").getFirst().code())
                    .isEqualTo(number <= 3 ? "7771000" : "24028007");
            assertThat(group.children("121232").getFirst().ds().getString(Tag.UID))
                    .isEqualTo(result.source().seriesInstanceUid());
        }
        assertThat(numbers).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void symmetryIsMeasuredInABilateralGroupOfImages() {
        List<Item> symmetry =
                groups(report(BOTH)).stream()
                        .filter(g -> g.all().anyMatch(i -> i.concept().equals("M-HLR")))
                        .toList();
        assertThat(symmetry).hasSize(1);
        Item group = symmetry.getFirst();
        assertThat(group.template()).isEqualTo("1501");
        assertThat(group.children("121191")).as("segments").isEmpty();
        assertThat(group.children("121112")).as("source images").hasSize(2);
        Item site = group.children("363698007").getFirst();
        assertThat(site.children("272741003").getFirst().code()).isEqualTo("51440002");
    }

    @Test
    void everyMeasureOfEveryJointIsThereOnceWithMethodUnitAndAlgorithm() {
        StudyResult result = BOTH;
        List<Item> numbers =
                groups(report(result)).stream()
                        .flatMap(g -> g.children().stream())
                        .filter(i -> i.type().equals("NUM"))
                        .toList();
        // The registration residual comes with the symmetry.
        long bilateral = result.symmetry().measurements().size() + 1;
        long each = Measure.values().length - result.symmetry().measurements().size();
        assertThat(numbers).hasSize((int) (2 * each + bilateral));
        assertThat(numbers)
                .allSatisfy(
                        n -> {
                            Attributes value = n.ds().getNestedDataset(Tag.MeasuredValueSequence);
                            Attributes unit =
                                    value.getNestedDataset(Tag.MeasurementUnitsCodeSequence);
                            assertThat(unit.getString(Tag.CodingSchemeDesignator))
                                    .isEqualTo("UCUM");
                            assertThat(value.getString(Tag.NumericValue, ""))
                                    .hasSizeBetween(1, 16)
                                    .matches("-?[0-9.]+");
                            // Viewers read the children of a number without asking for any.
                            assertThat(n.children("370129005")).as("method").hasSize(1);
                            assertThat(n.children("111001")).as("algorithm").hasSize(1);
                            assertThat(n.children("111003")).as("version").hasSize(1);
                        });
        for (Side side : Side.values()) {
            result.joint(side)
                    .orElseThrow()
                    .measures()
                    .measurements()
                    .forEach(
                            m ->
                                    assertThat(numbers)
                                            .anySatisfy(
                                                    n ->
                                                            assertThat(
                                                                            n.ds().getNestedDataset(
                                                                                            Tag
                                                                                                    .MeasuredValueSequence)
                                                                                    .getDouble(
                                                                                            Tag
                                                                                                    .FloatingPointValue,
                                                                                            0))
                                                                    .isEqualTo(m.value())));
        }
    }

    @ParameterizedTest
    @MethodSource("results")
    void refusalHasReasonsAndNoNumber(StudyResult result) {
        Item root = report(result);
        long numbers =
                groups(root).stream()
                        .flatMap(Item::all)
                        .filter(i -> i.type().equals("NUM"))
                        .count();
        assertThat(numbers == 0).isEqualTo(result.joints().isEmpty());
        Item evaluations = root.children("C0034375").getFirst();
        assertThat(evaluations.children("OUT").stream().filter(i -> i.type().equals("TEXT")))
                .singleElement()
                .satisfies(
                        i ->
                                assertThat(i.text())
                                        .isEqualTo(ResultWords.plain(result.outcome().sentence())));
        List<String> reasons =
                evaluations.children("113010").stream()
                        .filter(i -> i.type().equals("CODE"))
                        .map(Item::code)
                        .toList();
        result.flags()
                .forEach(f -> assertThat(reasons).contains(MeasureCode.of(f.reason()).value()));
    }

    @Test
    void flagOfAMissingJointNamesTheSide() {
        Item evaluations = report(RIGHT).children("C0034375").getFirst();
        Item cut =
                evaluations.children("113010").stream()
                        .filter(i -> i.type().equals("CODE") && i.code().equals("Q-CUT"))
                        .findFirst()
                        .orElseThrow();
        assertThat(cut.children("272741003").getFirst().code()).isEqualTo("7771000");
        assertThat(
                        evaluations.children("113010").stream()
                                .map(Item::ds)
                                .map(d -> d.getString(Tag.TextValue, "")))
                .anyMatch(t -> t.startsWith("Left joint: The field of view ends 3 mm"));
    }

    @Test
    void coordinatesStandInGroupsOfTheirOwnAfterAllNumbersAndCanBeLeftOut() {
        StudyResult result = BOTH;
        List<Item> groups = groups(report(result));
        int firstPlace = -1;
        int lastNumber = -1;
        for (int g = 0; g < groups.size(); g++) {
            boolean places = groups.get(g).all().anyMatch(i -> i.type().equals("SCOORD3D"));
            boolean numbers = groups.get(g).all().anyMatch(i -> i.type().equals("NUM"));
            assertThat(places && numbers).as("both in one group").isFalse();
            firstPlace = places && firstPlace < 0 ? g : firstPlace;
            lastNumber = numbers ? g : lastNumber;
        }
        assertThat(firstPlace).isGreaterThan(lastNumber);
        Item without =
                new Item(
                        ResultObjects.of(result, ReportOptions.parse("coordinates=no"))
                                .getLast()
                                .dataset(),
                        0);
        assertThat(without.all()).noneMatch(i -> i.type().equals("SCOORD3D"));
        assertThat(without.ds().getString(Tag.SOPInstanceUID))
                .isNotEqualTo(report(result).ds().getString(Tag.SOPInstanceUID));
    }

    @Test
    void landmarkLiesWhereItWasMeasured() {
        StudyResult result = ExampleResults.of(GRID, Side.LEFT);
        String frame = result.source().firstImage().getString(Tag.FrameOfReferenceUID);
        Item centre =
                report(result)
                        .all()
                        .filter(i -> i.concept().equals("L-CC"))
                        .findFirst()
                        .orElseThrow();
        float[] xyz = centre.ds().getFloats(Tag.GraphicData);
        assertThat(xyz)
                .containsExactly(
                        (float) ExampleResults.LEFT.x(),
                        (float) ExampleResults.LEFT.y(),
                        (float) ExampleResults.LEFT.z());
        assertThat(centre.ds().getString(Tag.GraphicType)).isEqualTo("POINT");
        assertThat(centre.ds().getString(Tag.ReferencedFrameOfReferenceUID)).isEqualTo(frame);
    }

    @ParameterizedTest
    @MethodSource("results")
    void everythingReferredToIsEvidence(StudyResult result) {
        Item root = report(result);
        Set<String> evidence = new HashSet<>();
        for (Attributes study :
                root.ds().getSequence(Tag.CurrentRequestedProcedureEvidenceSequence)) {
            assertThat(study.getString(Tag.StudyInstanceUID))
                    .isEqualTo(result.source().studyInstanceUid());
            study.getSequence(Tag.ReferencedSeriesSequence).stream()
                    .flatMap(s -> s.getSequence(Tag.ReferencedSOPSequence).stream())
                    .forEach(i -> evidence.add(i.getString(Tag.ReferencedSOPInstanceUID)));
        }
        assertThat(
                        root.all()
                                .flatMap(
                                        i -> i.ds().getSequence(Tag.ReferencedSOPSequence).stream())
                                .map(i -> i.getString(Tag.ReferencedSOPInstanceUID)))
                .isNotEmpty()
                .isSubsetOf(evidence);
    }

    @Test
    void newReportNamesTheOneItTakesThePlaceOf() {
        StudyResult result = ExampleResults.refusal(GRID);
        String own = ResultObjects.of(result).getLast().sopInstanceUid();
        EarlierReport first =
                new EarlierReport("2.25.11", "1.2.840.10008.5.1.4.1.1.88.34", "2.25.1");
        EarlierReport itself = new EarlierReport("2.25.12", first.sopClassUid(), own);
        EarlierReport later = new EarlierReport("2.25.13", first.sopClassUid(), "2.25.3");
        assertThat(predecessor(result, List.of())).isNull();
        assertThat(predecessor(result, List.of(first))).isEqualTo("2.25.1");
        assertThat(predecessor(result, List.of(itself))).as("made again").isNull();
        assertThat(predecessor(result, List.of(later, itself, first)))
                .as("made again, in between another version had its turn")
                .isEqualTo("2.25.1");
    }

    private static String predecessor(StudyResult result, List<EarlierReport> earlier) {
        Attributes study =
                new ResultObjects(result, earlier, NormalValues.PUBLISHED)
                        .wanted(ReportOptions.DEFAULT)
                        .getLast()
                        .dataset()
                        .getNestedDataset(Tag.PredecessorDocumentsSequence);
        return study == null
                ? null
                : study.getNestedDataset(Tag.ReferencedSeriesSequence)
                        .getNestedDataset(Tag.ReferencedSOPSequence)
                        .getString(Tag.ReferencedSOPInstanceUID);
    }

    @Test
    void networksAreNamedWithTheirDigests() {
        String all =
                report(BOTH).children("126010").getFirst().children("111002").stream()
                        .map(Item::text)
                        .reduce("", (a, b) -> a + "\n" + b);
        assertThat(all).contains("a".repeat(64), "b".repeat(64), "neck cut 10.0 mm");
    }
}
