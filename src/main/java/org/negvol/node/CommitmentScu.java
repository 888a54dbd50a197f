package org.negvol.node;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.NEventReportHandler;
import org.negvol.dimse.NRequest;
import org.negvol.dimse.NResponse;
import org.negvol.dimse.NoPresentationContextException;
import org.negvol.dimse.PresentationPolicy;

/**
 * Storage Commitment SCU (PS3.4 annex J): asks a destination that has taken objects whether it will
 * keep them. The answer comes over the association of the question or over one of the destination's
 * own, minutes or days later.
 */
@ApplicationScoped
public class CommitmentScu {

    private static final Logger LOG = Logger.getLogger(CommitmentScu.class);

    private static final int REQUEST_COMMITMENT = 1;

    /** So long the association of the question stays open for the answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Settings settings;
    private final MeterRegistry metrics;
    private final Tls tls;

    CommitmentScu(Settings settings, MeterRegistry metrics, Tls tls) {
        this.settings = settings;
        this.metrics = metrics;
        this.tls = tls;
    }

    /** An object that a destination has taken. */
    public record Sent(String sopClassUid, String sopInstanceUid) {}

    /**
     * Asks, if {@code negvol.dimse.request-commitment} says so. Returns at once; what comes of it
     * is logged and counted.
     */
    public void request(RemoteAe destination, List<Sent> objects) {
        if (!settings.dimse().requestCommitment() || objects.isEmpty()) {
            return;
        }
        Thread.ofVirtual()
                .name("commitment-request-" + destination.name())
                .start(() -> ask(destination, objects));
    }

    private void ask(RemoteAe destination, List<Sent> objects) {
        CountDownLatch answered = new CountDownLatch(1);
        NEventReportHandler here =
                rq -> {
                    NResponse response = reported(rq);
                    return response.withAfterwards(answered::countDown);
                };
        AssociateOptions options =
                tls.call(destination)
                        .propose(UID.StorageCommitmentPushModel, PresentationPolicy.NATIVE)
                        .withServices(here);
        Attributes information =
                new Attributes().setString(Tag.TransactionUID, VR.UI, UIDUtils.createUID());
        for (Sent sent : objects) {
            new InstanceReference(sent.sopClassUid(), sent.sopInstanceUid())
                    .addTo(information, Tag.ReferencedSOPSequence);
        }
        try (Association association = Association.open(options)) {
            NResponse response =
                    association.action(
                            UID.StorageCommitmentPushModel,
                            UID.StorageCommitmentPushModelInstance,
                            REQUEST_COMMITMENT,
                            information);
            if (response.status().isFailure()) {
                LOG.warnf("%s refuses to commit: %s", destination, response.status());
                count("refused");
                return;
            }
            if (!answered.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debugf("%s will tell later what it has committed to", destination);
            }
        } catch (NoPresentationContextException e) {
            LOG.warnf("%s offers no storage commitment", destination);
            count("unsupported");
        } catch (IOException e) {
            LOG.warnf("%s was not asked for commitment: %s", destination, e.getMessage());
            count("unreachable");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        int committed = rq.dataset().getSequence(Tag.ReferencedSOPSequence).size();
        List<Attributes> failed = rq.dataset().getSequence(Tag.FailedSOPSequence);
        for (Attributes item : failed) {
            LOG.errorf(
                    "%s did not commit to instance %s (reason %04X)",
                    rq.association().info().peerAet(),
                    item.getString(Tag.ReferencedSOPInstanceUID),
                    item.getInt(Tag.FailureReason, 0));
        }
        LOG.infof("%s has committed to %d objects", rq.association().info().peerAet(), committed);
        count("committed", committed);
        count("failed", failed.size());
        return NResponse.of(DimseStatus.SUCCESS);
    }

    private void count(String result) {
        count(result, 1);
    }

    private void count(String result, int objects) {
        if (objects > 0) {
            metrics.counter("negvol.deliveries.commitment", "result", result).increment(objects);
        }
    }
}
