package org.negvol.workflow;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedStudy;
import org.negvol.archive.Removal;
import org.negvol.config.NegvolConfig;
import org.negvol.config.Settings;
import org.negvol.node.audit.AuditTrail;

/**
 * Removes studies that are old enough, or the oldest when space is short: with their images,
 * results and jobs, and never one that is still to be processed or delivered.
 */
@ApplicationScoped
class Retention {

    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofMinutes(5);

    /** Looked up at once; the next ones follow when these are removed. */
    private static final int STUDIES_TOGETHER = 20;

    /** Free space beyond the low water that ends the removal, if the configuration names none. */
    private static final int HIGH_WATER_PER_LOW_WATER = 2;

    private final Jobs jobs;
    private final ArchiveIndex index;
    private final Archive archive;
    private final Removal removal;
    private final AuditTrail audit;
    private final WorkflowMetrics metrics;
    private final Settings settings;
    private final NegvolConfig.Retention retention;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("retention").daemon().factory());
    private volatile boolean stopping;

    Retention(
            Jobs jobs,
            ArchiveIndex index,
            Archive archive,
            Removal removal,
            AuditTrail audit,
            WorkflowMetrics metrics,
            Settings settings) {
        this.jobs = jobs;
        this.index = index;
        this.archive = archive;
        this.removal = removal;
        this.audit = audit;
        this.metrics = metrics;
        this.settings = settings;
        retention = settings.retention();
    }

    void start(@Observes @Priority(4000) StartupEvent event) {
        if (!settings.has(Settings.Role.GATEWAY)) {
            return;
        }
        var unused =
                clock.scheduleWithFixedDelay(
                        this::run, FIRST.toSeconds(), BETWEEN.toSeconds(), TimeUnit.SECONDS);
    }

    void stop(@Observes @Priority(200) ShutdownEvent event) throws InterruptedException {
        stopping = true;
        clock.shutdown();
        if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
            clock.shutdownNow();
        }
    }

    private void run() {
        try {
            // Files that a crash left over, whatever the configuration says now.
            removal.deleteObjects();
            if (retention.keep().isPresent()) {
                removeOld(Instant.now().minus(retention.keep().get()));
            }
            if (retention.lowWaterBytes().isPresent()) {
                makeSpace(retention.lowWaterBytes().get());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf("Studies are removed later: %s", e.getMessage());
        }
    }

    private void removeOld(Instant quietSince) throws IOException {
        while (true) {
            int removed = 0;
            for (String study : jobs.finished(quietSince, STUDIES_TOGETHER)) {
                if (stopping) {
                    return;
                }
                if (remove(study, quietSince, Reason.AGE)) {
                    removed++;
                }
            }
            if (removed == 0) {
                return;
            }
        }
    }

    private void makeSpace(long lowWaterBytes) throws IOException {
        if (archive.usableBytes() >= lowWaterBytes) {
            return;
        }
        long highWaterBytes =
                retention.highWaterBytes().orElse(HIGH_WATER_PER_LOW_WATER * lowWaterBytes);
        Instant quietSince = Instant.now().minus(Settings.SHORTEST_RETENTION);
        while (true) {
            int removed = 0;
            for (String study : jobs.finished(quietSince, STUDIES_TOGETHER)) {
                if (stopping || archive.usableBytes() >= highWaterBytes) {
                    return;
                }
                if (remove(study, quietSince, Reason.SPACE)) {
                    removed++;
                }
            }
            if (removed == 0) {
                LOG.warnf(
                        "Only %d bytes are free, and no study can be removed: those there are, are"
                                + " of today, being processed, or not delivered. Give the archive"
                                + " more space.",
                        archive.usableBytes());
                return;
            }
        }
    }

    private boolean remove(String study, Instant quietSince, Reason reason) throws IOException {
        Optional<ArchivedStudy> known = index.study(study);
        Optional<Long> bytes;
        try {
            bytes = QuarkusTransaction.requiringNew().call(() -> removeRows(study, quietSince));
        } catch (RuntimeException e) {
            LOG.infof("Study %s stays for now: %s", study, e.getMessage());
            return false;
        }
        if (bytes.isEmpty()) {
            return false;
        }
        removal.deleteObjects();
        LOG.infof("Study %s is removed, %d bytes: %s", study, bytes.get(), reason.sentence);
        audit.removed(study, known.map(ArchivedStudy::patientId).orElse(""), reason.sentence);
        metrics.removed(reason.label);
        return true;
    }

    private Optional<Long> removeRows(String study, Instant quietSince) {
        if (!index.lockStudy(study) || !jobs.isFinished(study, quietSince)) {
            return Optional.empty();
        }
        jobs.removeOf(study);
        return Optional.of(removal.removeRows(study));
    }

    private enum Reason {
        AGE("age", "it is older than negvol.retention.keep"),
        SPACE("space", "space is below negvol.retention.low-water-bytes");

        private final String label;
        private final String sentence;

        Reason(String label, String sentence) {
            this.label = label;
            this.sentence = sentence;
        }
    }
}
