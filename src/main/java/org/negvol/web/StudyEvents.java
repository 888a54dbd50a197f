package org.negvol.web;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.negvol.workflow.StudyStatus;
import org.negvol.workflow.StudyView;

/**
 * Tells pages what changes. The database is asked once a second for all pages together, and not at
 * all while there is none; so changes made by other replicas are seen too.
 */
@ApplicationScoped
class StudyEvents {

    private static final Logger LOG = Logger.getLogger(StudyEvents.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** A change is stamped before it is committed; longer transactions are not meant to be. */
    private static final Duration LATE = Duration.ofSeconds(20);

    private final StudyView studies;
    private final Multi<StudyStatus.Summary> changes;

    /** As last told; forgotten when nothing more can change about it unseen. */
    private Map<String, StudyStatus.Summary> told = new HashMap<>();

    StudyEvents(StudyView studies) {
        this.studies = studies;
        changes =
                Multi.createFrom()
                        .ticks()
                        .every(PERIOD)
                        .onOverflow()
                        .drop()
                        .emitOn(Infrastructure.getDefaultExecutor())
                        .onItem()
                        .transformToIterable(tick -> look())
                        .broadcast()
                        .withCancellationAfterLastSubscriberDeparture()
                        .toAllSubscribers();
    }

    /** Studies as they change, from now on. A page that is too slow for them loses some. */
    Multi<StudyStatus.Summary> changes() {
        return changes.onOverflow().drop();
    }

    private synchronized List<StudyStatus.Summary> look() {
        try {
            List<StudyStatus.Summary> recent = studies.changedSince(Instant.now().minus(LATE));
            List<StudyStatus.Summary> fresh =
                    recent.stream().filter(s -> !s.equals(told.get(s.studyInstanceUid()))).toList();
            Map<String, StudyStatus.Summary> now = new HashMap<>();
            recent.forEach(s -> now.put(s.studyInstanceUid(), s));
            told = now;
            return fresh;
        } catch (RuntimeException e) {
            // The next second tries again.
            LOG.debugf("Pages are not told of changes: %s", e.getMessage());
            return List.of();
        }
    }
}
