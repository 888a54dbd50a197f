package org.negvol.workflow;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.OpenSeries;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.node.SeriesAnnounced;
import org.negvol.node.SeriesCountScu;

/**
 * Asks senders how many images a series has that pauses, so that it need not be quiet for long: for
 * senders that open an association for each image, or break a series off and go on. Only those are
 * asked that {@code negvol.sources} names.
 */
@ApplicationScoped
class SourceCounts {

    private static final Logger LOG = Logger.getLogger(SourceCounts.class);

    /** A series that is still coming pauses for less between two images. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Between two questions about a study; doubles each time. */
    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    private static final int MOST_SERIES_AT_ONCE = 200;

    private record Question(String studyInstanceUid, String sender) {}

    /**
     * When a question may be asked again.
     *
     * @param after the wait before that
     */
    private record Turn(Instant next, Duration after) {

        static Turn first(Instant now) {
            return new Turn(now.plus(FIRST_WAIT), FIRST_WAIT);
        }

        Turn following(Instant now) {
            Duration twice = after.multipliedBy(2);
            Duration wait = twice.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : twice;
            return new Turn(now.plus(wait), wait);
        }
    }

    private final ArchiveIndex index;
    private final SeriesCountScu scu;
    private final Event<SeriesAnnounced> announcements;
    private final Map<String, RemoteAe> sources;
    private final boolean isReceiver;
    private final Map<Question, Turn> turns = new HashMap<>();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("source-counts").daemon().factory());

    SourceCounts(
            ArchiveIndex index,
            SeriesCountScu scu,
            Event<SeriesAnnounced> announcements,
            Settings settings) {
        this.index = index;
        this.scu = scu;
        this.announcements = announcements;
        sources =
                settings.sources().stream()
                        .collect(Collectors.toMap(RemoteAe::aeTitle, s -> s, (a, b) -> a));
        isReceiver = settings.has(Settings.Role.RECEIVER);
    }

    void start(@Observes @Priority(4000) StartupEvent event) {
        if (isReceiver && !sources.isEmpty()) {
            long millis = PAUSE.toMillis();
            var unused =
                    clock.scheduleWithFixedDelay(
                            this::askDue, millis, millis, TimeUnit.MILLISECONDS);
        }
    }

    void stop(@Observes @Priority(200) ShutdownEvent event) throws InterruptedException {
        clock.shutdownNow();
        if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
            LOG.debug("A question to a sender is left to itself");
        }
    }

    private void askDue() {
        try {
            Map<Question, List<OpenSeries>> due =
                    index.openSeries(PAUSE, MOST_SERIES_AT_ONCE).stream()
                            .filter(s -> sources.containsKey(s.sender()))
                            .collect(
                                    Collectors.groupingBy(
                                            s -> new Question(s.studyInstanceUid(), s.sender())));
            turns.keySet().retainAll(due.keySet());
            Instant now = Instant.now();
            due.forEach(
                    (question, series) -> {
                        Turn turn = turns.get(question);
                        if (turn == null || !now.isBefore(turn.next())) {
                            turns.put(
                                    question, turn == null ? Turn.first(now) : turn.following(now));
                            ask(question, series);
                        }
                    });
        } catch (RuntimeException e) {
            // The next turn tries again, and the quiet period releases the series all the same.
            LOG.warnf("Senders could not be asked for counts: %s", e.getMessage());
        }
    }

    private void ask(Question question, List<OpenSeries> series) {
        RemoteAe source = Objects.requireNonNull(sources.get(question.sender()));
        String study = question.studyInstanceUid();
        try {
            Map<String, Integer> counts = scu.instancesBySeries(source, study);
            Map<Long, Integer> whole = new HashMap<>();
            for (OpenSeries s : series) {
                Integer count = counts.get(s.seriesInstanceUid());
                LOG.debugf(
                        "Study %s, series %s: %d images are here, %s are at %s",
                        study,
                        s.seriesInstanceUid(),
                        s.instances(),
                        count == null ? "no" : count.toString(),
                        source);
                if (count != null && count <= s.instances()) {
                    whole.put(s.id(), s.instances());
                }
            }
            if (!whole.isEmpty()) {
                announcements.fire(
                        new SeriesAnnounced(source.aeTitle(), "the count of a query", whole));
            }
        } catch (IOException e) {
            LOG.warnf(
                    "Study %s: %s does not say how many images there are: %s",
                    study, source, e.getMessage());
        }
    }
}
