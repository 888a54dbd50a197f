package org.negvol.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.negvol.archive.ArchiveQuery;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NActionHandler;
import org.negvol.dimse.NRequest;
import org.negvol.dimse.NResponse;
import org.negvol.dimse.PresentationPolicy;
import org.negvol.node.CommitmentStore.Commitment;

/**
 * Storage Commitment SCP, push model (PS3.4 annex J). What is archived is durable, so that the
 * answer is known at once; it is sent over a new association to a requestor that the configuration
 * knows as a destination, over the requestor's own one to others, and again until it arrives.
 */
@ApplicationScoped
class CommitmentScp {

    private static final Logger LOG = Logger.getLogger(CommitmentScp.class);

    private static final int REQUEST_COMMITMENT = 1;
    private static final int ALL_COMMITTED = 1;
    private static final int SOME_FAILED = 2;

    /** PS3.3 C.14.1.1, Failure Reason (0008,1197). */
    private static final int NO_SUCH_OBJECT_INSTANCE = 0x0112;

    private static final int CLASS_INSTANCE_CONFLICT = 0x0119;

    /** More than the largest studies have. */
    private static final int MOST_INSTANCES = 100_000;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
    private static final int MOST_DUE = 20;

    private final Settings settings;
    private final ArchiveQuery archive;
    private final CommitmentStore store;
    private final Event<SeriesAnnounced> announcements;
    private final MeterRegistry metrics;
    private final Tls tls;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("commitment-reports").daemon().factory());

    CommitmentScp(
            Settings settings,
            ArchiveQuery archive,
            CommitmentStore store,
            Event<SeriesAnnounced> announcements,
            MeterRegistry metrics,
            Tls tls) {
        this.settings = settings;
        this.archive = archive;
        this.store = store;
        this.announcements = announcements;
        this.metrics = metrics;
        this.tls = tls;
    }

    void start(@Observes @Priority(4500) StartupEvent event) {
        if (!settings.has(Settings.Role.RECEIVER)) {
            return;
        }
        var unused = clock.scheduleWithFixedDelay(this::reportDue, 1, 2, TimeUnit.SECONDS);
    }

    void stop(@Observes @Priority(150) ShutdownEvent event) throws InterruptedException {
        clock.shutdown();
        if (!clock.awaitTermination(5, TimeUnit.SECONDS)) {
            clock.shutdownNow();
        }
    }

    NActionHandler handler() {
        return new NActionHandler() {
            @Override
            public boolean serves(String sopClassUid) {
                return sopClassUid.equals(UID.StorageCommitmentPushModel);
            }

            @Override
            public NResponse action(NRequest rq) {
                return requested(rq);
            }
        };
    }

    private NResponse requested(NRequest rq) {
        if (!rq.sopInstanceUid().equals(UID.StorageCommitmentPushModelInstance)) {
            return NResponse.of(DimseStatus.NO_SUCH_OBJECT_INSTANCE);
        }
        if (rq.type() != REQUEST_COMMITMENT) {
            return NResponse.of(DimseStatus.NO_SUCH_ACTION);
        }
        String transaction = rq.dataset().getString(Tag.TransactionUID);
        List<Attributes> items = rq.dataset().getSequence(Tag.ReferencedSOPSequence);
        List<InstanceReference> instances = InstanceReference.of(items);
        if (transaction == null
                || transaction.length() > 64
                || instances.isEmpty()
                || instances.size() != items.size()
                || instances.size() > MOST_INSTANCES) {
            return NResponse.of(
                    DimseStatus.INVALID_ARGUMENT_VALUE.withComment(
                            "a Transaction UID and referenced instances are needed"));
        }
        Association association = rq.association();
        String caller = association.info().callingAet();
        Commitment commitment =
                new Commitment(
                        transaction,
                        caller,
                        association.info().peer().getHostString(),
                        instances,
                        Instant.now(),
                        0);
        boolean known = destination(caller).isPresent();
        // Kept before it is acknowledged: after a crash it is reported all the same.
        store.add(commitment, association.info().calledAet(), Instant.now().plus(FIRST_PAUSE));
        LOG.infof("%s asks for commitment of %d instances", caller, instances.size());
        announce(caller, instances);
        return NResponse.of(DimseStatus.SUCCESS)
                .withAfterwards(
                        () -> {
                            if (known) {
                                reportAnew(commitment);
                            } else {
                                reportOver(association, commitment);
                            }
                        });
    }

    /** All instances of a series are named and there: nobody need wait for more. */
    private void announce(String caller, List<InstanceReference> instances) {
        Map<String, ArchiveQuery.Held> held = held(instances);
        if (held.size() < instances.size()) {
            return;
        }
        Map<Long, Integer> bySeries = new HashMap<>();
        held.values().forEach(h -> bySeries.merge(h.seriesId(), 1, Integer::sum));
        try {
            announcements.fire(new SeriesAnnounced(caller, "storage commitment", bySeries));
        } catch (RuntimeException e) {
            // The end of the association or the quiet period releases the series all the same.
            LOG.errorf(e, "The list of instances from %s was not heard", caller);
        }
    }

    private Map<String, ArchiveQuery.Held> held(List<InstanceReference> instances) {
        return archive.held(instances.stream().map(InstanceReference::sopInstanceUid).toList());
    }

    private Optional<RemoteAe> destination(String aeTitle) {
        return settings.destinations().stream()
                .filter(d -> d.aeTitle().equals(aeTitle))
                .findFirst();
    }

    private void reportDue() {
        try {
            for (Commitment commitment : store.due(MOST_DUE)) {
                if (destination(commitment.callingAet()).isPresent()) {
                    reportAnew(commitment);
                } else {
                    LOG.warnf(
                            "The commitment report for %s was not taken over its own association,"
                                    + " and negvol.destinations does not say where it listens",
                            commitment.callingAet());
                    count("undeliverable");
                    store.remove(commitment.transactionUid());
                }
            }
        } catch (RuntimeException e) {
            LOG.warnf("Commitment reports could not be looked for: %s", e.getMessage());
        }
    }

    /** Over an association of our own, in the role of SCP (PS3.4 J.3.3.1). */
    private void reportAnew(Commitment commitment) {
        RemoteAe to = destination(commitment.callingAet()).orElseThrow();
        AssociateOptions options =
                tls.call(to)
                        .propose(UID.StorageCommitmentPushModel, PresentationPolicy.NATIVE)
                        .withRole(UID.StorageCommitmentPushModel, false, true);
        try (Association association = Association.open(options)) {
            report(association, commitment);
        } catch (IOException | RuntimeException e) {
            failed(commitment, e);
        }
    }

    private void reportOver(Association association, Commitment commitment) {
        try {
            report(association, commitment);
        } catch (IOException | RuntimeException e) {
            failed(commitment, e);
        }
    }

    private void report(Association association, Commitment commitment) throws IOException {
        Map<String, ArchiveQuery.Held> held = held(commitment.instances());
        Attributes dataset =
                new Attributes()
                        .setString(Tag.TransactionUID, VR.UI, commitment.transactionUid())
                        .setString(Tag.RetrieveAETitle, VR.AE, settings.aeTitle());
        List<InstanceReference> failed = new ArrayList<>();
        for (InstanceReference instance : commitment.instances()) {
            ArchiveQuery.Held h = held.get(instance.sopInstanceUid());
            if (h != null && h.sopClassUid().equals(instance.sopClassUid())) {
                instance.addTo(dataset, Tag.ReferencedSOPSequence);
            } else {
                failed.add(instance);
            }
        }
        for (InstanceReference instance : failed) {
            instance.item(dataset, Tag.FailedSOPSequence)
                    .setInt(
                            Tag.FailureReason,
                            VR.US,
                            held.containsKey(instance.sopInstanceUid())
                                    ? CLASS_INSTANCE_CONFLICT
                                    : NO_SUCH_OBJECT_INSTANCE);
        }
        NResponse response =
                association.eventReport(
                        UID.StorageCommitmentPushModel,
                        UID.StorageCommitmentPushModelInstance,
                        failed.isEmpty() ? ALL_COMMITTED : SOME_FAILED,
                        dataset);
        if (response.status().isFailure()) {
            throw new IOException("the report was refused: " + response.status());
        }
        store.remove(commitment.transactionUid());
        count(failed.isEmpty() ? "committed" : "failed");
        LOG.infof(
                "%s knows that %d of %d instances are committed",
                commitment.callingAet(),
                commitment.instances().size() - failed.size(),
                commitment.instances().size());
    }

    private void failed(Commitment commitment, Exception why) {
        Duration age = Duration.between(commitment.requestedAt(), Instant.now());
        if (age.compareTo(settings.workflow().giveUpAfter()) > 0) {
            LOG.warnf(
                    "The commitment report for %s is given up: %s",
                    commitment.callingAet(), why.getMessage());
            count("undeliverable");
            store.remove(commitment.transactionUid());
            return;
        }
        LOG.infof(
                "The commitment report for %s waits: %s",
                commitment.callingAet(), why.getMessage());
        int doublings = Math.min(commitment.attempts(), 20);
        Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
        store.postpone(
                commitment.transactionUid(),
                Instant.now().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause),
                String.valueOf(why.getMessage()));
    }

    private void count(String result) {
        metrics.counter("negvol.commitments", "result", result).increment();
    }
}
