package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.negvol.workflow.SeriesFixture.axial;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.negvol.workflow.StudyPlan.Action;
import org.negvol.workflow.StudyPlan.Job;
import org.negvol.workflow.StudyPlan.Series;
import org.negvol.workflow.StudyPlan.Skip;
import org.negvol.workflow.StudyPlan.Start;
import org.negvol.workflow.StudyPlan.Supersede;

class StudyPlanTest {

    private static Series ct(long id, SeriesFixture images, @Nullable Job job) {
        return new Series(
                id,
                images.uid(),
                "series " + id,
                "CT",
                images.slices(),
                false,
                images.candidate(),
                job);
    }

    private static Series other(long id, String modality, boolean isOurs) {
        return new Series(id, "1.3." + id, "series " + id, modality, 1, isOurs, null, null);
    }

    @Test
    void oneWholeSeriesIsProcessed() {
        List<Action> plan = StudyPlan.of(List.of(ct(1, axial("1.2.1", 0.5), null)));
        assertThat(plan).hasSize(1);
        assertThat(plan.getFirst())
                .isInstanceOfSatisfying(
                        Start.class,
                        s -> {
                            assertThat(s.seriesId()).isEqualTo(1);
                            assertThat(s.instances()).isEqualTo(20);
                        });
    }

    @Test
    void lesserSeriesIsSkippedAndToldWhy() {
        List<Action> plan =
                StudyPlan.of(
                        List.of(ct(1, axial("1.2.1", 5), null), ct(2, axial("1.2.2", 0.5), null)));
        assertThat(plan)
                .contains(
                        new Skip(
                                1,
                                20,
                                "Series 2 of the same frame of reference is processed instead: it"
                                        + " has smaller voxels."));
        assertThat(plan).hasAtLeastOneElementOfType(Start.class).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"RECEIVED", "PROCESSING", "DONE", "DEGRADED", "NOT_APPLICABLE", "FAILED"})
    void planningAgainWithoutNewsDoesNothing(JobState state) {
        assertThat(StudyPlan.of(List.of(ct(1, axial("1.2.1", 0.5), new Job(7, state, 20)))))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = JobState.class,
            names = {"RECEIVED", "PROCESSING", "DONE", "DEGRADED", "NOT_APPLICABLE", "FAILED"})
    void lateSlicesMakeANewRevisionThatSupersedes(JobState state) {
        List<Action> plan =
                StudyPlan.of(List.of(ct(1, axial("1.2.1", 0.5), new Job(7, state, 18))));
        assertThat(plan).hasSize(2);
        assertThat(plan.getFirst())
                .isEqualTo(new Supersede(7, "2 more images came; the series is processed again."));
        assertThat(plan.getLast()).isInstanceOf(Start.class);
    }

    @Test
    void betterSeriesThatArrivesLaterSupersedes() {
        List<Action> plan =
                StudyPlan.of(
                        List.of(
                                ct(1, axial("1.2.1", 5), new Job(7, JobState.DONE, 20)),
                                ct(2, axial("1.2.2", 0.5), null)));
        assertThat(plan).hasSize(3);
        assertThat(plan.get(0))
                .isInstanceOfSatisfying(Supersede.class, s -> assertThat(s.jobId()).isEqualTo(7));
        assertThat(plan.get(1))
                .isInstanceOfSatisfying(Skip.class, s -> assertThat(s.seriesId()).isEqualTo(1));
        assertThat(plan.get(2))
                .isInstanceOfSatisfying(Start.class, s -> assertThat(s.seriesId()).isEqualTo(2));
    }

    @Test
    void skippedSeriesIsProcessedOnceItIsTheBest() {
        List<Action> plan =
                StudyPlan.of(List.of(ct(1, axial("1.2.1", 0.5), new Job(7, JobState.SKIPPED, 20))));
        assertThat(plan).hasSize(2);
        assertThat(plan.getFirst()).isInstanceOf(Supersede.class);
        assertThat(plan.getLast()).isInstanceOf(Start.class);
    }

    @Test
    void nextBestSeriesIsTriedWhereTheBestShowsNothing() {
        Series spent = ct(1, axial("1.2.1", 0.5), new Job(7, JobState.NOT_APPLICABLE, 20));
        Series skipped = ct(2, axial("1.2.2", 2), new Job(8, JobState.SKIPPED, 20));
        Series worse = ct(3, axial("1.2.3", 5), new Job(9, JobState.SKIPPED, 20));
        assertThat(StudyPlan.of(List.of(spent, skipped, worse)))
                .containsExactly(
                        new Supersede(8, "The series is now the best one to process."),
                        new Start(2, 20, "20 images are complete; waiting for a worker."));
        Series done = ct(2, axial("1.2.2", 2), new Job(10, JobState.DONE, 20));
        assertThat(StudyPlan.of(List.of(spent, done, worse))).isEmpty();
        Series nothing = ct(2, axial("1.2.2", 2), new Job(10, JobState.NOT_APPLICABLE, 20));
        assertThat(StudyPlan.of(List.of(spent, nothing, worse)))
                .as("the third one")
                .anyMatch(a -> a instanceof Start start && start.seriesId() == 3);
    }

    @Test
    void nothingMoreIsTriedWhereAllSeriesShowNothing() {
        assertThat(
                        StudyPlan.of(
                                List.of(
                                        ct(
                                                1,
                                                axial("1.2.1", 0.5),
                                                new Job(7, JobState.NOT_APPLICABLE, 20)),
                                        ct(
                                                2,
                                                axial("1.2.2", 5),
                                                new Job(8, JobState.NOT_APPLICABLE, 20)))))
                .isEmpty();
    }

    @Test
    void noOtherBodyPartAndNoLocalizerIsTriedInstead() {
        assertThat(
                        StudyPlan.of(
                                List.of(
                                        ct(
                                                1,
                                                axial("1.2.1", 0.5),
                                                new Job(7, JobState.NOT_APPLICABLE, 20)),
                                        ct(
                                                2,
                                                axial("1.2.2", 1).part("CHEST"),
                                                new Job(8, JobState.SKIPPED, 20)),
                                        ct(
                                                3,
                                                axial("1.2.3", 1).localizer(),
                                                new Job(9, JobState.SKIPPED, 1)))))
                .isEmpty();
    }

    @Test
    void betterSeriesThatArrivesAfterALesserOneShowedNothingSupersedesIt() {
        List<Action> plan =
                StudyPlan.of(
                        List.of(
                                ct(1, axial("1.2.1", 5), new Job(7, JobState.NOT_APPLICABLE, 20)),
                                ct(2, axial("1.2.2", 0.5), null)));
        assertThat(plan).hasSize(3).first().isInstanceOf(Supersede.class);
        assertThat(plan).last().isInstanceOf(Start.class);
    }

    @Test
    void localizerBesideAVolumeIsSkipped() {
        List<Action> plan =
                StudyPlan.of(
                        List.of(
                                ct(1, axial("1.2.1", 1).localizer(), null),
                                ct(2, axial("1.2.2", 0.5), null)));
        assertThat(plan)
                .contains(
                        new Skip(
                                1,
                                1,
                                "The series holds localizer images only; series 2 is processed."));
    }

    @Test
    void localizerAloneIsProcessedSoThatAReportSaysWhyThereIsNoResult() {
        List<Action> plan =
                StudyPlan.of(
                        List.of(ct(1, axial("1.2.1", 1).localizer(), null), other(2, "SR", false)));
        assertThat(plan).hasSize(2);
        assertThat(plan.getFirst()).isInstanceOf(Start.class);
    }

    @ParameterizedTest
    @CsvSource({
        "SR, The series holds a report and no CT images.",
        "MR, The series is MR and not CT.",
        "CT, The series holds no CT images.",
        "'', The series does not say its modality; only CT is processed."
    })
    void otherSeriesAreSkippedWithAReason(String modality, String sentence) {
        assertThat(StudyPlan.of(List.of(other(5, modality, false))))
                .containsExactly(new Skip(5, 1, sentence));
    }

    @Test
    void ourOwnResultsStartNothing() {
        assertThat(
                        StudyPlan.of(
                                List.of(
                                        ct(1, axial("1.2.1", 0.5), new Job(7, JobState.DONE, 20)),
                                        other(2, "SEG", true),
                                        other(3, "SR", true))))
                .isEmpty();
    }

    @Test
    void bothFramesOfReferenceAreProcessed() {
        List<Action> plan =
                StudyPlan.of(
                        List.of(
                                ct(1, axial("1.2.1", 0.5), null),
                                ct(2, axial("1.2.2", 0.6).frame("1.8"), null)));
        assertThat(plan).hasSize(2).allMatch(Start.class::isInstance);
    }
}
