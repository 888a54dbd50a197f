package org.negvol.workflow;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.OpenSeries;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.node.AssociationEnd;
import org.negvol.node.InstanceStored;
import org.negvol.node.SeriesAnnounced;
import org.negvol.volume.EnhancedCt;
import org.negvol.volume.SliceStack;

/**
 * When is a study looked at? When a multi-frame object of it has come, when an association that
 * brought some of it ends, and when one of its series has been quiet for long enough.
 */
@ApplicationScoped
class Releases {

    private static final Logger LOG = Logger.getLogger(Releases.class);
    private static final int MOST_SERIES_AT_ONCE = 200;

    /** Studies looked at at the same time when associations end. */
    private static final int PLANNERS = 4;

    private final ArchiveIndex index;
    private final StudyPlanner planner;
    private final Processing processing;
    private final QuietPeriods quietPeriods;
    private final Settings settings;
    private final Queue<AssociationEnd> ended = new ConcurrentLinkedQueue<>();
    private final ExecutorService planners =
            Executors.newFixedThreadPool(
                    PLANNERS, Thread.ofPlatform().name("planner-", 1).daemon().factory());
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("releases").daemon().factory());

    Releases(
            ArchiveIndex index,
            StudyPlanner planner,
            Processing processing,
            QuietPeriods quietPeriods,
            Settings settings) {
        this.index = index;
        this.planner = planner;
        this.processing = processing;
        this.quietPeriods = quietPeriods;
        this.settings = settings;
    }

    void start(@Observes @Priority(4000) StartupEvent event) {
        if (!settings.has(Settings.Role.RECEIVER)) {
            return;
        }
        long millis = Math.clamp(quietPeriods.least().toMillis(), 100, 1000);
        var unused =
                clock.scheduleWithFixedDelay(
                        this::releaseQuiet, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** After the node: its last associations end first. */
    void stop(@Observes @Priority(200) ShutdownEvent event) throws InterruptedException {
        clock.shutdown();
        planners.shutdown();
        if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
            clock.shutdownNow();
        }
        if (!planners.awaitTermination(5, TimeUnit.SECONDS)) {
            planners.shutdownNow();
        }
    }

    /** A multi-frame object may be a whole series: nobody has to wait for the association's end. */
    void stored(@Observes InstanceStored instance) {
        Attributes header = instance.header();
        if (EnhancedCt.isOne(header)
                && header.getInt(Tag.NumberOfFrames, 0) >= SliceStack.FEWEST_SLICES) {
            String study = header.getString(Tag.StudyInstanceUID, "");
            clock.execute(() -> planOrLeave(study));
        }
    }

    private void planOrLeave(String study) {
        try {
            plan(List.of(study), Map.of());
        } catch (RuntimeException e) {
            LOG.warnf(
                    "Study %s could not be looked at and will be later: %s", study, e.getMessage());
        }
    }

    /**
     * Not on the association's thread: a sender that opens an association for each image would find
     * all places taken by those that have ended.
     */
    void associationEnded(@Observes AssociationEnd end) {
        LOG.debugf(
                "Association %s from %s brought instances of %d series",
                end.associationId(), end.callingAet(), end.instancesBySeries().size());
        ended.add(end);
        planners.execute(this::planEnded);
    }

    /** Looks once at what all associations brought that have ended meanwhile. */
    private void planEnded() {
        Set<Long> series = new HashSet<>();
        Map<Long, Integer> fromReleased = new HashMap<>();
        for (AssociationEnd end = ended.poll(); end != null; end = ended.poll()) {
            series.addAll(end.instancesBySeries().keySet());
            if (end.released()) {
                // That one of them brought the whole series is what counts.
                end.instancesBySeries().forEach((s, n) -> fromReleased.merge(s, n, Math::max));
            }
        }
        if (series.isEmpty()) {
            return;
        }
        try {
            plan(index.studiesOf(series), fromReleased);
        } catch (RuntimeException e) {
            // The quiet period releases the series all the same.
            LOG.errorf(
                    e,
                    "What %d series of ended associations hold was not looked at",
                    series.size());
        }
    }

    /** A scanner's own list of a series is as good as the release of the association it came by. */
    void announced(@Observes SeriesAnnounced announced) {
        Map<Long, Integer> instances = announced.instancesBySeries();
        LOG.debugf(
                "%s says by %s that %d series are complete",
                announced.callingAet(), announced.how(), instances.size());
        plan(index.studiesOf(instances.keySet()), instances);
    }

    private void releaseQuiet() {
        try {
            Instant now = Instant.now();
            List<Long> quiet =
                    index.openSeries(quietPeriods.least(), MOST_SERIES_AT_ONCE).stream()
                            .filter(
                                    s ->
                                            !s.lastReceivedAt()
                                                    .plus(quietPeriods.of(s.sender()))
                                                    .isAfter(now))
                            .map(OpenSeries::id)
                            .toList();
            if (!quiet.isEmpty()) {
                plan(index.studiesOf(quiet), Map.of());
            }
        } catch (RuntimeException e) {
            // The next turn tries again; the readiness check tells when it is the database.
            LOG.warnf("Quiet series could not be looked for: %s", e.getMessage());
        }
    }

    private void plan(Collection<String> studies, Map<Long, Integer> fromReleased) {
        for (String study : studies) {
            processing.planned(study, planner.plan(study, fromReleased));
        }
    }
}
