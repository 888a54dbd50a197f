package org.negvol.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.KnownCaller;
import org.negvol.config.Settings;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.AssociateRequest;
import org.negvol.dimse.AssociationInfo;
import org.negvol.dimse.AssociationListener;
import org.negvol.dimse.CommandField;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.Peer;
import org.negvol.node.audit.AuditTrail;

/** Counts and logs associations and what is done over them. */
@ApplicationScoped
class AssociationMetrics {

    private static final Logger LOG = Logger.getLogger(AssociationMetrics.class);

    /** For callers that the configuration does not name: theirs are too many for a label. */
    private static final String NOBODY = "other";

    private final MeterRegistry metrics;
    private final Reception reception;
    private final AuditTrail audit;
    private final Settings settings;
    private final AtomicInteger open = new AtomicInteger();

    /** Looking them up in the registry costs more than counting. */
    private final Map<Outcome, Timer> timers = new ConcurrentHashMap<>();

    private final Counter receivedBytes;

    private record Outcome(CommandField operation, int status) {}

    AssociationMetrics(
            MeterRegistry metrics, Reception reception, AuditTrail audit, Settings settings) {
        this.metrics = metrics;
        this.reception = reception;
        this.audit = audit;
        this.settings = settings;
        metrics.gauge("negvol.associations.open", open);
        receivedBytes = metrics.counter("negvol.dimse.received.bytes");
    }

    private Timer timer(Outcome outcome) {
        return metrics.timer(
                "negvol.dimse.operations",
                "operation",
                outcome.operation.name(),
                "status",
                "%04X".formatted(outcome.status));
    }

    AssociationListener listener() {
        return new AssociationListener() {
            @Override
            public void opened(AssociationInfo association) {
                LogFields.enter(association);
                open.incrementAndGet();
                count("accepted", association);
                LOG.debugf("Association %s", association);
            }

            @Override
            public void released(AssociationInfo association) {
                open.decrementAndGet();
                count("released", association);
                LOG.debugf("Association %s released", association.id());
                reception.ended(association, true);
                audit.ended(association);
                LogFields.leave();
            }

            @Override
            public void aborted(AssociationInfo association, String why) {
                open.decrementAndGet();
                count("aborted", association);
                LOG.warnf("Association %s ended early: %s", association, why);
                reception.ended(association, false);
                audit.ended(association);
                LogFields.leave();
            }

            @Override
            public void rejected(AssociateRequest request, Peer peer, AssociateReject answer) {
                count("rejected", NOBODY);
                LOG.warnf(
                        "%s to %s from %s is refused: %s",
                        request.callingAet(),
                        request.calledAet(),
                        peer.address().getHostAddress(),
                        answer.sentence());
                audit.rejected(request, peer, answer);
            }

            @Override
            public void failed(@Nullable Peer peer, String why) {
                count("failed", NOBODY);
                LOG.infof(
                        "Connection from %s ended: %s",
                        peer == null ? "unknown" : peer.address().getHostAddress(), why);
            }

            @Override
            public void performed(
                    AssociationInfo association,
                    CommandField operation,
                    @Nullable String sopClassUid,
                    @Nullable String sopInstanceUid,
                    DimseStatus status,
                    long bytes,
                    long nanos) {
                timers.computeIfAbsent(
                                new Outcome(operation, status.code()),
                                AssociationMetrics.this::timer)
                        .record(nanos, TimeUnit.NANOSECONDS);
                receivedBytes.increment((double) bytes);
            }
        };
    }

    private void count(String result, AssociationInfo association) {
        count(
                result,
                settings.callers().stream()
                        .filter(c -> c.aeTitle().equals(association.callingAet()))
                        .map(KnownCaller::name)
                        .findFirst()
                        .orElse(NOBODY));
    }

    private void count(String result, String caller) {
        metrics.counter("negvol.associations", "caller", caller, "result", result).increment();
    }
}
