package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedInstance;
import org.negvol.archive.ArchivedSeries;
import org.negvol.dicom.DicomException;
import org.negvol.node.Reception;
import org.negvol.volume.EnhancedCt;
import org.negvol.workflow.SeriesChoice.Candidate;

/** Releases the complete series of a study and makes their jobs, in one transaction. */
@ApplicationScoped
class StudyPlanner {

    private final ArchiveIndex index;
    private final Jobs jobs;
    private final Reception reception;
    private final QuietPeriods quietPeriods;
    private final Processing processing;
    private final CtImages ctImages;

    StudyPlanner(
            ArchiveIndex index,
            Jobs jobs,
            Reception reception,
            QuietPeriods quietPeriods,
            Processing processing,
            CtImages ctImages) {
        this.index = index;
        this.jobs = jobs;
        this.reception = reception;
        this.quietPeriods = quietPeriods;
        this.processing = processing;
        this.ctImages = ctImages;
    }

    /**
     * Looks whether series of a study are complete, and if one has become so what is to be done for
     * the study; in the caller's transaction or one of its own.
     *
     * @param fromReleased how many instances of which series came over an association that was just
     *     released; empty if none was
     * @return what was done
     */
    @Transactional
    List<StudyPlan.Action> plan(String studyInstanceUid, Map<Long, Integer> fromReleased) {
        return plan(studyInstanceUid, fromReleased, false);
    }

    /** The same where one of the study's jobs has ended, so that another series may be tried. */
    @Transactional
    List<StudyPlan.Action> planAnew(String studyInstanceUid) {
        return plan(studyInstanceUid, Map.of(), true);
    }

    private List<StudyPlan.Action> plan(
            String studyInstanceUid, Map<Long, Integer> fromReleased, boolean isNews) {
        if (!index.lockStudy(studyInstanceUid)) {
            return List.of();
        }
        List<ArchivedSeries> series = index.seriesOf(studyInstanceUid);
        Set<String> ours =
                jobs.ours(series.stream().map(ArchivedSeries::seriesInstanceUid).toList());
        Instant now = Instant.now();
        Duration studyQuiet =
                series.stream()
                        .filter(s -> !ours.contains(s.seriesInstanceUid()))
                        .map(s -> Duration.between(s.lastReceivedAt(), now))
                        .min(Duration::compareTo)
                        .orElse(Duration.ZERO);
        // Of a series that is still coming only the first instances may have been released.
        Map<Long, Integer> released = new HashMap<>();
        Map<Long, Candidate> images = new HashMap<>();
        boolean isAnyNew = isNews;
        for (ArchivedSeries s : series) {
            released.put(s.id(), s.releasedInstances());
            if (s.instances() == s.releasedInstances()) {
                continue;
            }
            boolean isOurs = ours.contains(s.seriesInstanceUid());
            Candidate candidate = null;
            if (!isOurs) {
                Duration quietPeriod = quietPeriods.of(index.senderOf(s.id()));
                ReleaseRules.Arrivals arrivals = arrivals(s, fromReleased, now, studyQuiet);
                if (!ReleaseRules.isComplete(arrivals, quietPeriod)) {
                    continue;
                }
                candidate = images(s, s.instances());
                if (!ReleaseRules.isComplete(
                        arrivals.with(
                                candidate != null && candidate.isVolume(),
                                candidate != null && candidate.isVolumeOfOneObject()),
                        quietPeriod)) {
                    continue;
                }
            }
            Optional<Integer> nowReleased = index.release(s.id());
            if (nowReleased.isPresent()) {
                isAnyNew = true;
                released.put(s.id(), nowReleased.get());
                if (candidate != null) {
                    images.put(s.id(), candidate);
                }
            }
        }
        if (!isAnyNew) {
            return List.of();
        }
        Map<Long, StudyPlan.Job> current =
                jobs.currentOf(series.stream().map(ArchivedSeries::id).toList());
        List<StudyPlan.Series> whole = new ArrayList<>();
        for (ArchivedSeries s : series) {
            int instances = released.getOrDefault(s.id(), 0);
            if (instances == 0) {
                continue;
            }
            boolean isOurs = ours.contains(s.seriesInstanceUid());
            Candidate candidate = images.get(s.id());
            if (candidate == null && !isOurs) {
                candidate = images(s, instances);
            }
            whole.add(
                    new StudyPlan.Series(
                            s.id(),
                            s.seriesInstanceUid(),
                            name(s),
                            s.modality(),
                            instances,
                            isOurs,
                            candidate,
                            current.get(s.id())));
        }
        List<StudyPlan.Action> plan = StudyPlan.of(whole);
        plan.forEach(this::apply);
        return plan;
    }

    private void apply(StudyPlan.Action action) {
        switch (action) {
            case StudyPlan.Supersede s -> jobs.supersede(s.jobId(), s.sentence());
            case StudyPlan.Skip s ->
                    jobs.insert(s.seriesId(), s.instances(), JobState.SKIPPED, s.sentence());
            case StudyPlan.Start s ->
                    processing.submit(
                            jobs.insert(
                                    s.seriesId(), s.instances(), JobState.RECEIVED, s.sentence()));
        }
    }

    /** As if its images made what would complete it soonest: they are read if that matters. */
    private ReleaseRules.Arrivals arrivals(
            ArchivedSeries series,
            Map<Long, Integer> fromReleased,
            Instant now,
            Duration studyQuiet) {
        return new ReleaseRules.Arrivals(
                series.instances(),
                fromReleased.getOrDefault(series.id(), 0),
                reception.isOpen(series.id()),
                true,
                index.holdsAny(series.id(), EnhancedCt.SOP_CLASSES),
                Duration.between(series.lastReceivedAt(), now),
                studyQuiet);
    }

    /** The first images that came; null if it is no CT series or has none. */
    private @Nullable Candidate images(ArchivedSeries series, int first) {
        if (!series.modality().equals("CT")) {
            return null;
        }
        List<ArchivedInstance> instances =
                index.instances(series.id()).stream().limit(first).toList();
        List<CtImage> images;
        try {
            images = ctImages.of(instances);
        } catch (DicomException damaged) {
            // Its job will meet the same and fail with the reason.
            images = instances.stream().map(i -> CtImage.of(i.header(), i.objectKey())).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return images.isEmpty() ? null : Candidate.of(images);
    }

    private static String name(ArchivedSeries series) {
        return series.number() == null
                ? "series " + series.seriesInstanceUid()
                : "series " + series.number();
    }
}
