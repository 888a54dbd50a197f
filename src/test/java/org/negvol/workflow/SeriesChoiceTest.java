package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.negvol.workflow.SeriesFixture.axial;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.negvol.workflow.SeriesChoice.Candidate;

class SeriesChoiceTest {

    static Stream<Arguments> pairs() {
        SeriesFixture thick = axial("1.2.1", 5);
        SeriesFixture thin = axial("1.2.2", 0.5);
        return Stream.of(
                Arguments.of(
                        "a thin reformat before a thick original",
                        thin.type("DERIVED\\SECONDARY\\MPR"),
                        thick,
                        "has smaller voxels"),
                Arguments.of(
                        "a thick volume before thin slices with a gap",
                        thick,
                        thin.without(9),
                        "makes a volume"),
                Arguments.of(
                        "any volume before a localizer",
                        thick,
                        axial("1.2.3", 1).localizer(),
                        "makes a volume"),
                Arguments.of(
                        "a thick head before a thin chest",
                        thick,
                        thin.part("CHEST"),
                        "shows the head"),
                Arguments.of(
                        "no body part is no other body part",
                        thin.part(""),
                        thick,
                        "has smaller voxels"),
                Arguments.of(
                        "bone kernel at the same resolution",
                        thin.kernel("FC81"),
                        axial("1.2.1", 0.5),
                        "has a bone kernel"),
                Arguments.of(
                        "resolution before kernel",
                        thin,
                        thick.kernel("BONE"),
                        "has smaller voxels"),
                Arguments.of(
                        "original before reformatted",
                        thin,
                        axial("1.2.1", 0.5).type("DERIVED\\SECONDARY\\MPR"),
                        "is the original"),
                Arguments.of(
                        "more slices among equals",
                        thin.slices(40),
                        axial("1.2.1", 0.5),
                        "has more slices"),
                Arguments.of(
                        "the smaller UID among twins",
                        axial("1.2.1", 0.5),
                        thin,
                        "is its equal and comes first"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pairs")
    void betterSeriesIsChosenWhateverTheirOrder(
            String rule, SeriesFixture better, SeriesFixture other, String why) {
        Candidate a = better.candidate();
        Candidate b = other.candidate();
        assertThat(SeriesChoice.best(List.of(a, b))).as(rule).containsExactly(a);
        assertThat(SeriesChoice.best(List.of(b, a))).as(rule).containsExactly(a);
        assertThat(SeriesChoice.why(a, b)).isEqualTo(why);
    }

    @Test
    void eachFrameOfReferenceHasAChoiceOfItsOwn() {
        Candidate open = axial("1.2.1", 0.6).candidate();
        Candidate closed = axial("1.2.2", 0.5).frame("1.8").candidate();
        Candidate closedThick = axial("1.2.3", 3).frame("1.8").candidate();
        assertThat(SeriesChoice.best(List.of(open, closedThick, closed)))
                .containsExactly(closed, open);
    }

    @Test
    void localizersOfOtherFramesAreNoChoiceBesideAVolume() {
        Candidate scout = axial("1.2.1", 1).localizer().frame("1.8").candidate();
        Candidate head = axial("1.2.2", 0.5).candidate();
        assertThat(SeriesChoice.best(List.of(scout, head))).containsExactly(head);
    }

    @Test
    void oneOfSeveralLocalizersIsChosenWhenThereIsNothingElse() {
        Candidate front = axial("1.2.1", 1).localizer().frame("1.8").candidate();
        Candidate side = axial("1.2.2", 1).localizer().candidate();
        assertThat(SeriesChoice.best(List.of(side, front))).hasSize(1);
    }

    @Test
    void nothingToChooseFromIsNoChoice() {
        assertThat(SeriesChoice.best(List.of())).isEmpty();
    }

    @Test
    void framesOfAMultiFrameObjectAreRatedAsSlicesAre() {
        SeriesFixture bone = axial("1.2.1", 0.5).kernel("BONE");
        assertThat(SeriesChoice.why(bone.enhanced(1, false), axial("1.2.2", 0.5).candidate()))
                .isEqualTo("has a bone kernel");
        assertThat(
                        SeriesChoice.why(
                                axial("1.2.2", 0.5).enhanced(1, false),
                                bone.part("CHEST").enhanced(1, false)))
                .isEqualTo("shows the head");
        assertThat(SeriesChoice.best(List.of(bone.enhanced(1, false))).getFirst().isOriginal())
                .isTrue();
    }

    @Test
    void volumeCameAsAWholeOnlyInOneObjectOrAllPartsOfAConcatenation() {
        SeriesFixture series = axial("1.2.1", 0.5);
        assertThat(series.enhanced(1, false).isVolumeOfOneObject()).isTrue();
        assertThat(series.enhanced(2, true).isVolumeOfOneObject()).isTrue();
        assertThat(series.enhanced(2, false).isVolumeOfOneObject()).isFalse();
        assertThat(series.candidate().isVolumeOfOneObject()).isFalse();
        Candidate parts = series.enhanced(2, true);
        List<CtImage> first = parts.images().subList(0, parts.images().size() / 2);
        assertThat(Candidate.of(first).isVolume()).isTrue();
        assertThat(Candidate.of(first).isVolumeOfOneObject()).isFalse();
    }
}
