package org.negvol.archive;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.negvol.config.Settings;

/**
 * Brings objects and index together again after a crash or a loss.
 *
 * <p>An object is published before its row is committed, and acknowledged before that too where the
 * row is certain to follow, so a process that dies between the two leaves a whole object that
 * nothing refers to; it is indexed. At start only the days since the newest row are looked at, and
 * all of them if the index is empty.
 */
@ApplicationScoped
public class Reconciliation {

    private static final Logger LOG = Logger.getLogger(Reconciliation.class);
    private static final int KEYS_TOGETHER = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Archive archive;
    private final ArchiveIndex index;
    private final Settings settings;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    Reconciliation(Archive archive, ArchiveIndex index, Settings settings) {
        this.archive = archive;
        this.index = index;
        this.settings = settings;
    }

    /**
     * How objects and index compare.
     *
     * @param objects of the store
     * @param indexed those of them that the index did not know and does now
     * @param unusable those of them that cannot be indexed; the log says why
     */
    public record Found(long objects, long indexed, long unusable) {

        static final Found NOTHING = new Found(0, 0, 0);

        private Found plus(Found other) {
            return new Found(
                    objects + other.objects, indexed + other.indexed, unusable + other.unusable);
        }
    }

    /** Beside the start, which it need not hold up: what it finds is treated as just arrived. */
    void start(@Observes @Priority(2000) StartupEvent event) {
        if (settings.has(Settings.Role.RECEIVER)) {
            Thread.ofVirtual().name("reconciliation").start(this::run);
        } else {
            ended.countDown();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void run() {
        try {
            Instant newest = index.newestArrival();
            // Days are named in UTC, as receivedAt is; one more for clocks of other processes.
            LocalDate since =
                    newest == null
                            ? LocalDate.EPOCH
                            : newest.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1);
            long found = indexUnknownSince(since).indexed();
            if (found > 0) {
                LOG.infof("%d instances that a crash had kept out of the index are back", found);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "The files of the archive could not be compared with the index");
        } finally {
            ended.countDown();
        }
    }

    /**
     * Waits for it where it is still at work.
     *
     * @return whether it was, and has ended now
     */
    boolean awaitEnd() {
        if (ended.getCount() == 0) {
            return false;
        }
        try {
            return ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Takes every object into the index that the index does not know.
     *
     * @throws IOException if the store cannot be read
     */
    public Found indexUnknown() throws IOException {
        return indexUnknownSince(LocalDate.EPOCH);
    }

    /**
     * Names the instances of the index whose object is gone: only a back-up, or who sent them, has
     * them.
     *
     * @param visitor gets their SOP Instance UIDs
     * @throws IOException if the store cannot be read
     */
    public void forEachMissing(Consumer<String> visitor) throws IOException {
        long last = Long.MIN_VALUE;
        List<ArchiveIndex.Location> locations;
        do {
            locations = index.locationsAfter(last, KEYS_TOGETHER);
            for (ArchiveIndex.Location location : locations) {
                try {
                    archive.objects().publishedAt(location.objectKey());
                } catch (NoSuchFileException e) {
                    visitor.accept(location.sopInstanceUid());
                }
                last = location.id();
            }
        } while (!locations.isEmpty());
    }

    private Found indexUnknownSince(LocalDate day) throws IOException {
        List<String> batch = new ArrayList<>();
        Found[] found = {Found.NOTHING};
        archive.objects()
                .forEachKeySince(
                        day,
                        key -> {
                            batch.add(key);
                            if (batch.size() == KEYS_TOGETHER) {
                                found[0] = found[0].plus(indexUnknown(batch));
                                batch.clear();
                            }
                        });
        return found[0].plus(indexUnknown(batch));
    }

    private Found indexUnknown(List<String> keys) {
        if (keys.isEmpty() || stopping) {
            return Found.NOTHING;
        }
        Set<String> unknown = new HashSet<>(keys);
        index.known(keys).forEach(unknown::remove);
        int indexed = 0;
        for (String key : unknown) {
            try {
                archive.reindex(key);
                indexed++;
            } catch (RefusedException | IOException e) {
                LOG.warnf("The file %s of the archive is not indexed: %s", key, e.getMessage());
            }
        }
        return new Found(keys.size(), indexed, unknown.size() - indexed);
    }
}
