package org.negvol.node;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.negvol.archive.Archive;
import org.negvol.archive.Arrival;
import org.negvol.archive.Receipt;
import org.negvol.archive.RefusedException;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dimse.AssociationInfo;
import org.negvol.dimse.CStoreHandler;
import org.negvol.dimse.DatasetInputStream;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.StoreRequest;
import org.negvol.node.audit.AuditTrail;

/** Storage SCP: success is answered when the archive holds the instance, and not before. */
@ApplicationScoped
class StorageScp {

    private static final Logger LOG = Logger.getLogger(StorageScp.class);

    private final Archive archive;
    private final Reception reception;
    private final AuditTrail audit;
    private final CallerUse use;
    private final MeterRegistry metrics;
    private final Map<Receipt.Kind, Counter> stored = new ConcurrentHashMap<>();

    StorageScp(
            Archive archive,
            Reception reception,
            AuditTrail audit,
            CallerUse use,
            MeterRegistry metrics) {
        this.archive = archive;
        this.reception = reception;
        this.audit = audit;
        this.use = use;
        this.metrics = metrics;
        Gauge.builder("negvol.archive.free", archive, StorageScp::freeBytes)
                .description("Free space on the disk of the archive")
                .baseUnit("bytes")
                .register(metrics);
    }

    private static double freeBytes(Archive archive) {
        try {
            return (double) archive.usableBytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    CStoreHandler handler() {
        return this::store;
    }

    private DimseStatus store(StoreRequest rq, DatasetInputStream dataset) throws IOException {
        String caller = rq.association().callingAet();
        try {
            if (use.isQuotaUsed(caller)) {
                LOG.warnf(
                        "Instance %s from %s is refused: its quota is used up",
                        rq.sopInstanceUid(), rq.association());
                return DimseStatus.OUT_OF_RESOURCES.withComment("the storage quota is used up");
            }
            Receipt receipt =
                    take(
                            rq.association(),
                            new Arrival(
                                    rq.sopClassUid(),
                                    rq.sopInstanceUid(),
                                    TransferSyntax.of(rq.transferSyntaxUid()),
                                    caller),
                            dataset);
            use.stored(caller, receipt.sizeBytes());
            return DimseStatus.SUCCESS;
        } catch (RefusedException e) {
            return status(e);
        }
    }

    /** Stores an instance, whichever protocol it came by. */
    Receipt take(AssociationInfo association, Arrival arrival, InputStream dataset)
            throws RefusedException, IOException {
        try {
            Receipt receipt = archive.store(arrival, dataset);
            reception.stored(association, receipt);
            var unused =
                    receipt.kind().thenAccept(kind -> indexed(association, arrival, receipt, kind));
            return receipt;
        } catch (RefusedException e) {
            LOG.warnf(
                    "Instance %s from %s is refused (%s): %s",
                    arrival.sopInstanceUid(), association, e.reason(), e.getMessage());
            throw e;
        }
    }

    private void indexed(
            AssociationInfo association, Arrival arrival, Receipt receipt, Receipt.Kind kind) {
        audit.stored(association, arrival.sopClassUid(), receipt, kind);
        stored.computeIfAbsent(kind, this::counter).increment();
        if (kind == Receipt.Kind.CONFLICT) {
            LOG.warnf(
                    "Instance %s of series %s came again from %s with another content; both are"
                            + " kept, the first one counts",
                    arrival.sopInstanceUid(),
                    receipt.seriesInstanceUid(),
                    association.callingAet());
        }
    }

    private Counter counter(Receipt.Kind kind) {
        return metrics.counter(
                "negvol.instances.stored", "kind", kind.name().toLowerCase(Locale.ROOT));
    }

    /** PS3.4 table B.2-1. */
    private static DimseStatus status(RefusedException e) {
        String comment = e.getMessage() == null ? "" : e.getMessage();
        return switch (e.reason()) {
            case DOES_NOT_MATCH -> DimseStatus.DATASET_DOES_NOT_MATCH.withComment(comment);
            case NOT_UNDERSTOOD -> DimseStatus.CANNOT_UNDERSTAND.withComment(comment);
            case NO_SPACE, UNAVAILABLE -> DimseStatus.OUT_OF_RESOURCES.withComment(comment);
        };
    }
}
