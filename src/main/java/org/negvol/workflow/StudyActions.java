package org.negvol.workflow;

import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedSeries;

/** What a person may have done again. */
@ApplicationScoped
public class StudyActions {

    /** Whether it is done. */
    public enum Answer {
        /** It will be done. */
        ACCEPTED,
        /** There is no such series or delivery. */
        UNKNOWN,
        /** It is being done already, or not all of the series is there. */
        BUSY
    }

    private final ArchiveIndex index;
    private final Jobs jobs;
    private final Processing processing;
    private final Outbox outbox;
    private final Deliveries deliveries;

    StudyActions(
            ArchiveIndex index,
            Jobs jobs,
            Processing processing,
            Outbox outbox,
            Deliveries deliveries) {
        this.index = index;
        this.jobs = jobs;
        this.processing = processing;
        this.outbox = outbox;
        this.deliveries = deliveries;
    }

    /** Processes a series again, whatever became of it. */
    public Answer process(String studyInstanceUid, String seriesInstanceUid) {
        List<StudyPlan.Action> done = new ArrayList<>();
        Answer answer =
                QuarkusTransaction.requiringNew()
                        .call(() -> plan(studyInstanceUid, seriesInstanceUid, done));
        processing.planned(studyInstanceUid, done);
        return answer;
    }

    private Answer plan(
            String studyInstanceUid, String seriesInstanceUid, List<StudyPlan.Action> done) {
        // First, as everyone who plans does: no deadlock.
        if (!index.lockStudy(studyInstanceUid)) {
            return Answer.UNKNOWN;
        }
        Optional<ArchivedSeries> found =
                index.seriesOf(studyInstanceUid).stream()
                        .filter(s -> s.seriesInstanceUid().equals(seriesInstanceUid))
                        .findFirst();
        if (found.isEmpty() || !jobs.ours(List.of(seriesInstanceUid)).isEmpty()) {
            return Answer.UNKNOWN;
        }
        ArchivedSeries series = found.get();
        Map<Long, StudyPlan.Job> current = jobs.currentOf(List.of(series.id()));
        StudyPlan.Job job = current.get(series.id());
        if (series.releasedInstances() == 0 || (job != null && job.state().isOpen())) {
            return Answer.BUSY;
        }
        if (job != null) {
            String sentence = "A person had the series processed again.";
            jobs.supersede(job.id(), sentence);
            done.add(new StudyPlan.Supersede(job.id(), sentence));
        }
        StudyPlan.Start start =
                new StudyPlan.Start(
                        series.id(), series.releasedInstances(), "To be processed again.");
        processing.submit(
                jobs.insert(series.id(), start.instances(), JobState.RECEIVED, start.sentence()));
        done.add(start);
        return Answer.ACCEPTED;
    }

    /** Sends a destination what it does not have of a study's results. */
    public Answer deliver(String studyInstanceUid, String destination) {
        List<Long> again = outbox.revive(studyInstanceUid, destination);
        again.forEach(job -> deliveries.hurry(job, destination));
        return again.isEmpty() ? Answer.UNKNOWN : Answer.ACCEPTED;
    }
}
