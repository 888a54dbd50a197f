package org.negvol.archive;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Brings files and index together again after a crash.
 *
 * <p>A file is published before its row is committed, so a process that dies between the two leaves
 * a whole file that nothing refers to. Nobody was told that it is safe, yet throwing it away could
 * lose what was acknowledged, should the database be an older copy; so it is indexed. Only the days
 * since the newest row are looked at, and all of them if the index is empty.
 */
@ApplicationScoped
class Reconciliation {

    private static final Logger LOG = Logger.getLogger(Reconciliation.class);
    private static final int KEYS_TOGETHER = 500;

    private final Archive archive;
    private final ArchiveIndex index;
    private volatile boolean stopping;

    Reconciliation(Archive archive, ArchiveIndex index) {
        this.archive = archive;
        this.index = index;
    }

    /** Beside the start, which it need not hold up: what it finds is treated as just arrived. */
    void start(@Observes @Priority(2000) StartupEvent event) {
        Thread.ofVirtual().name("reconciliation").start(this::run);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private void run() {
        try {
            int found = reconcile();
            if (found > 0) {
                LOG.infof("%d instances that a crash had kept out of the index are back", found);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "The files of the archive could not be compared with the index");
        }
    }

    /** Returns how many files were taken into the index. */
    int reconcile() throws IOException {
        Instant newest = index.newestArrival();
        // Days are named in UTC, as receivedAt is; one more for clocks of other processes.
        LocalDate since =
                newest == null
                        ? LocalDate.EPOCH
                        : newest.atZone(ZoneOffset.UTC).toLocalDate().minusDays(1);
        List<String> batch = new ArrayList<>();
        int[] found = {0};
        archive.objects()
                .forEachKeySince(
                        since,
                        key -> {
                            batch.add(key);
                            if (batch.size() == KEYS_TOGETHER) {
                                found[0] += indexUnknown(batch);
                                batch.clear();
                            }
                        });
        found[0] += indexUnknown(batch);
        return found[0];
    }

    private int indexUnknown(List<String> keys) {
        if (keys.isEmpty() || stopping) {
            return 0;
        }
        Set<String> unknown = new HashSet<>(keys);
        index.known(keys).forEach(unknown::remove);
        int found = 0;
        for (String key : unknown) {
            try {
                archive.reindex(key, ObjectKey.arrival(key));
                found++;
            } catch (RefusedException | IOException e) {
                LOG.warnf("The file %s of the archive is not indexed: %s", key, e.getMessage());
            }
        }
        return found;
    }
}
