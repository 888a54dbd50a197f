package org.negvol.node;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NEventReportHandler;
import org.negvol.dimse.NRequest;
import org.negvol.dimse.NResponse;
import org.negvol.dimse.PresentationPolicy;

/**
 * Storage Commitment SCU (PS3.4 annex J): asks a destination that has taken objects whether it will
 * keep them, over the association that brought them. The answer comes over the same one or over one
 * of the destination's own, minutes or days later, and to any process that listens.
 */
@ApplicationScoped
public class CommitmentScu {

    private static final Logger LOG = Logger.getLogger(CommitmentScu.class);

    private static final int REQUEST_COMMITMENT = 1;

    /** So long the association of the question stays open for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Set<DimseStatus> FINAL_REFUSALS =
            Set.of(
                    DimseStatus.NO_SUCH_OBJECT_INSTANCE,
                    DimseStatus.NO_SUCH_SOP_CLASS,
                    DimseStatus.SOP_CLASS_NOT_SUPPORTED,
                    DimseStatus.NO_SUCH_ACTION,
                    DimseStatus.NOT_AUTHORIZED,
                    DimseStatus.UNRECOGNIZED_OPERATION);

    private final Settings settings;
    private final MeterRegistry metrics;
    private final Event<CommitmentReport> reports;

    /** Questions of this process that wait for their answer, by Transaction UID. */
    private final Map<String, CountDownLatch> waiting = new ConcurrentHashMap<>();

    CommitmentScu(Settings settings, MeterRegistry metrics, Event<CommitmentReport> reports) {
        this.settings = settings;
        this.metrics = metrics;
        this.reports = reports;
    }

    /** An object that a destination has taken. */
    public record Sent(String sopClassUid, String sopInstanceUid) {}

    /** What a destination says to the question. */
    public enum Reply {
        /** It will report. */
        WILL_REPORT,
        /** Not now. */
        NOT_NOW,
        /** It does not do this for us. */
        NEVER
    }

    /** The same association to be asked for, and the service if the configuration wants it. */
    public AssociateOptions propose(AssociateOptions options) {
        if (!settings.dimse().requestCommitment()) {
            return options;
        }
        return options.propose(UID.StorageCommitmentPushModel, PresentationPolicy.NATIVE)
                .withServices(handler());
    }

    /** Whether the peer of an association commits to what it takes. */
    public static boolean isOffered(Association association) {
        return !association.acceptedTransferSyntaxes(UID.StorageCommitmentPushModel).isEmpty();
    }

    /**
     * Asks, and waits a little for the report; each report is fired as a {@link CommitmentReport}.
     *
     * @param transactionUid what the report will name
     * @throws IOException if the association broke; the report may come all the same
     */
    public Reply ask(
            Association association,
            RemoteAe destination,
            String transactionUid,
            List<Sent> objects)
            throws IOException {
        Attributes information =
                new Attributes().setString(Tag.TransactionUID, VR.UI, transactionUid);
        for (Sent sent : objects) {
            new InstanceReference(sent.sopClassUid(), sent.sopInstanceUid())
                    .addTo(information, Tag.ReferencedSOPSequence);
        }
        CountDownLatch answered = new CountDownLatch(1);
        waiting.put(transactionUid, answered);
        try {
            DimseStatus status =
                    association
                            .action(
                                    UID.StorageCommitmentPushModel,
                                    UID.StorageCommitmentPushModelInstance,
                                    REQUEST_COMMITMENT,
                                    information)
                            .status();
            if (status.isFailure()) {
                LOG.warnf("%s refuses to commit: %s", destination, status);
                count("refused", objects.size());
                return FINAL_REFUSALS.stream().anyMatch(f -> f.code() == status.code())
                        ? Reply.NEVER
                        : Reply.NOT_NOW;
            }
            if (!answered.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debugf("%s will tell later what it has committed to", destination);
            }
        } catch (InterruptedException e) {
            // The question is asked; only the wait ends.
            Thread.currentThread().interrupt();
        } finally {
            waiting.remove(transactionUid);
        }
        return Reply.WILL_REPORT;
    }

    NEventReportHandler handler() {
        return new NEventReportHandler() {
            @Override
            public boolean serves(String sopClassUid) {
                return sopClassUid.equals(UID.StorageCommitmentPushModel);
            }

            @Override
            public NResponse report(NRequest rq) {
                return reported(rq);
            }
        };
    }

    private NResponse reported(NRequest rq) {
        if (rq.type() != 1 && rq.type() != 2) {
            return NResponse.of(DimseStatus.NO_SUCH_EVENT_TYPE);
        }
        String peer = rq.association().info().peerAet();
        String transaction = rq.dataset().getString(Tag.TransactionUID, "");
        List<String> committed =
                InstanceReference.of(rq.dataset().getSequence(Tag.ReferencedSOPSequence)).stream()
                        .map(InstanceReference::sopInstanceUid)
                        .toList();
        Map<String, Integer> failed = new HashMap<>();
        for (Attributes item : rq.dataset().getSequence(Tag.FailedSOPSequence)) {
            int reason = item.getInt(Tag.FailureReason, 0);
            String instance = item.getString(Tag.ReferencedSOPInstanceUID, "");
            LOG.errorf("%s did not commit to instance %s (reason %04X)", peer, instance, reason);
            failed.put(instance, reason);
        }
        try {
            reports.fire(new CommitmentReport(transaction, committed, failed));
        } catch (RuntimeException e) {
            LOG.errorf(e, "What %s has committed to could not be noted", peer);
            return NResponse.of(DimseStatus.PROCESSING_FAILURE);
        }
        LOG.infof("%s has committed to %d objects", peer, committed.size());
        count("committed", committed.size());
        count("failed", failed.size());
        CountDownLatch asked = waiting.get(transaction);
        return asked == null
                ? NResponse.of(DimseStatus.SUCCESS)
                : NResponse.of(DimseStatus.SUCCESS).withAfterwards(asked::countDown);
    }

    private void count(String result, int objects) {
        if (objects > 0) {
            metrics.counter("negvol.deliveries.commitment", "result", result).increment(objects);
        }
    }
}
