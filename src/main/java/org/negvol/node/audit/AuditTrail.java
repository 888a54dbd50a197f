package org.negvol.node.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchiveQuery;
import org.negvol.archive.ArchivedStudy;
import org.negvol.archive.Receipt;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateReject;
import org.negvol.dimse.AssociateRequest;
import org.negvol.dimse.AssociationInfo;
import org.negvol.dimse.Peer;
import org.negvol.node.audit.AuditMessage.Participant;

/**
 * Which events go to the audit trail? Start and stop of the application, the instances that came
 * over an association (one message for each study, when the association ends) or leave, queries,
 * and callers that were refused because of who they are. A trail that cannot be written never stops
 * the work; it is logged and counted.
 */
@ApplicationScoped
public class AuditTrail {

    private static final Logger LOG = Logger.getLogger(AuditTrail.class);
    private static final String TLS_CONFIGURATION = "audit";

    private final Settings settings;
    private final ArchiveIndex index;
    private final TlsConfigurationRegistry tls;
    private final Counter lost;
    private final Map<String, Map<String, Transfer>> transfersByAssociation =
            new ConcurrentHashMap<>();
    private volatile @Nullable AuditLog log;
    private volatile @Nullable AuditForwarder forwarder;

    /** What came of one study over one association. */
    private static final class Transfer {
        private final SortedMap<String, Integer> instancesBySopClass = new TreeMap<>();
        private final String patientId;
        private boolean known = true;

        Transfer(String patientId) {
            this.patientId = patientId;
        }

        synchronized void add(String sopClassUid, Receipt.Kind kind) {
            instancesBySopClass.merge(sopClassUid, 1, Integer::sum);
            known &= kind == Receipt.Kind.DUPLICATE;
        }
    }

    AuditTrail(
            Settings settings,
            ArchiveIndex index,
            TlsConfigurationRegistry tls,
            MeterRegistry metrics) {
        this.settings = settings;
        this.index = index;
        this.tls = tls;
        lost =
                Counter.builder("negvol.audit.lost")
                        .description("Audit messages that could not be written")
                        .register(metrics);
    }

    /** Before the node opens its port. */
    void start(@Observes @Priority(4500) StartupEvent event) throws IOException {
        if (!settings.audit().enabled()) {
            return;
        }
        AuditLog opened =
                new AuditLog(
                        settings.auditDir(),
                        Clock.systemUTC(),
                        host(),
                        Long.toString(ProcessHandle.current().pid()),
                        settings.audit().keep());
        log = opened;
        settings.auditRepository()
                .ifPresent(r -> forwarder = new AuditForwarder(opened, r, this::sslContext));
        write(AuditMessage.applicationActivity(Instant.now(), source(), process(), true));
    }

    /** After all that may be audited has ended, before the embedded database does. */
    void stop(@Observes @Priority(8000) ShutdownEvent event)
            throws IOException, InterruptedException {
        AuditLog open = log;
        if (open == null) {
            return;
        }
        write(AuditMessage.applicationActivity(Instant.now(), source(), process(), false));
        AuditForwarder running = forwarder;
        if (running != null) {
            running.stop();
        }
        open.close();
    }

    /**
     * An instance was stored.
     *
     * @param receipt of it
     * @param kind how it was taken
     */
    public void stored(
            AssociationInfo association, String sopClassUid, Receipt receipt, Receipt.Kind kind) {
        if (log == null) {
            return;
        }
        transfersByAssociation
                .computeIfAbsent(association.id(), id -> new ConcurrentHashMap<>())
                .computeIfAbsent(
                        receipt.studyInstanceUid(),
                        uid -> new Transfer(receipt.header().getString(Tag.PatientID, "")))
                .add(sopClassUid, kind);
    }

    /** An association has ended, in whatever way. */
    public void ended(AssociationInfo association) {
        Map<String, Transfer> transfers = transfersByAssociation.remove(association.id());
        if (transfers == null) {
            return;
        }
        transfers.forEach(
                (studyInstanceUid, transfer) ->
                        write(
                                AuditMessage.instancesTransferred(
                                        Instant.now(),
                                        source(),
                                        caller(association),
                                        us(),
                                        transfer.known
                                                ? AuditMessage.Direction.RECEIVED_AGAIN
                                                : AuditMessage.Direction.RECEIVED,
                                        studyInstanceUid,
                                        transfer.patientId,
                                        transfer.instancesBySopClass)));
    }

    /**
     * Results were taken by a destination.
     *
     * @param sopInstanceUid one of them; all are of one study
     * @param sopClassUids the SOP class of each
     */
    public void sent(RemoteAe to, String sopInstanceUid, List<String> sopClassUids) {
        if (log == null) {
            return;
        }
        SortedMap<String, Integer> instancesBySopClass = new TreeMap<>();
        sopClassUids.forEach(c -> instancesBySopClass.merge(c, 1, Integer::sum));
        Optional<ArchivedStudy> study = patient(() -> index.studyOfInstance(sopInstanceUid));
        write(
                AuditMessage.instancesTransferred(
                        Instant.now(),
                        source(),
                        us(),
                        participant(to),
                        AuditMessage.Direction.SENT,
                        study.map(ArchivedStudy::studyInstanceUid).orElse(""),
                        study.map(ArchivedStudy::patientId).orElse(""),
                        instancesBySopClass));
    }

    /**
     * Somebody asks what is here. The trail has the keys of the query, but for Patient's Name.
     *
     * @param sopClassUid the information model
     */
    public void queried(AssociationInfo association, String sopClassUid, Attributes identifier) {
        if (log == null) {
            return;
        }
        Attributes keys = new Attributes(identifier);
        if (keys.contains(Tag.PatientName)) {
            keys.setNull(Tag.PatientName, VR.PN);
        }
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(encoded)) {
            out.writeDataset(keys, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(
                AuditMessage.query(
                        Instant.now(),
                        source(),
                        caller(association),
                        us(),
                        sopClassUid,
                        encoded.toByteArray(),
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid()));
    }

    /**
     * Instances begin to leave because somebody asked for them.
     *
     * @param destination where they go; null if to who asked
     */
    public void sending(
            AssociationInfo association,
            @Nullable RemoteAe destination,
            List<ArchiveQuery.Found> instances) {
        if (log == null) {
            return;
        }
        Map<String, SortedMap<String, Integer>> byStudy = new TreeMap<>();
        for (ArchiveQuery.Found instance : instances) {
            byStudy.computeIfAbsent(instance.studyInstanceUid(), s -> new TreeMap<>())
                    .merge(instance.sopClassUid(), 1, Integer::sum);
        }
        Participant asker = caller(association);
        byStudy.forEach(
                (study, bySopClass) ->
                        write(
                                AuditMessage.sending(
                                        Instant.now(),
                                        source(),
                                        us(),
                                        asker,
                                        destination == null ? asker : participant(destination),
                                        study,
                                        patient(() -> index.study(study))
                                                .map(ArchivedStudy::patientId)
                                                .orElse(""),
                                        bySopClass)));
    }

    /**
     * A study was removed from the archive.
     *
     * @param patientId Patient ID (0010,0020)
     * @param why in a sentence
     */
    public void removed(String studyInstanceUid, String patientId, String why) {
        write(
                AuditMessage.studyDeleted(
                        Instant.now(), source(), us(), why, studyInstanceUid, patientId));
    }

    /** A caller was refused; told only if it was for who it is, and not for want of room. */
    public void rejected(AssociateRequest request, Peer peer, AssociateReject answer) {
        if (answer.source() != AssociateReject.SERVICE_USER || log == null) {
            return;
        }
        write(
                AuditMessage.nodeRefused(
                        Instant.now(),
                        source(),
                        us(),
                        Participant.ae(request.callingAet(), address(peer.address())),
                        "%s called %s: %s"
                                .formatted(
                                        request.callingAet(),
                                        request.calledAet(),
                                        answer.sentence())));
    }

    private void write(String xml) {
        AuditLog open = log;
        if (open == null) {
            return;
        }
        try {
            open.write(xml);
        } catch (IOException e) {
            lost.increment();
            LOG.errorf("An audit message could not be written: %s", e.getMessage());
        }
    }

    private String source() {
        return settings.aeTitle();
    }

    private Participant us() {
        return Participant.ae(settings.aeTitle(), null);
    }

    private static Participant caller(AssociationInfo association) {
        return Participant.ae(association.callingAet(), address(association.peer().getAddress()));
    }

    private static Participant participant(RemoteAe ae) {
        return new Participant(ae.aeTitle(), ae.host(), null);
    }

    /** This process as A.5.3.1 names it. */
    private Participant process() {
        return new Participant(
                Long.toString(ProcessHandle.current().pid()),
                "AETITLES=" + settings.aeTitle(),
                null);
    }

    /** An event is told without the patient rather than not at all. */
    private static Optional<ArchivedStudy> patient(Supplier<Optional<ArchivedStudy>> query) {
        try {
            return query.get();
        } catch (RuntimeException e) {
            LOG.debugf("No patient for the audit trail: %s", e.getMessage());
            return Optional.empty();
        }
    }

    private SSLContext sslContext() {
        try {
            TlsConfiguration configured = tls.get(TLS_CONFIGURATION).orElse(null);
            return configured == null ? SSLContext.getDefault() : configured.createSSLContext();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has TLS", e);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "quarkus.tls.%s cannot be used: %s"
                            .formatted(TLS_CONFIGURATION, e.getMessage()),
                    e);
        }
    }

    private static @Nullable String address(@Nullable InetAddress address) {
        return address == null ? null : address.getHostAddress();
    }

    /** HOSTNAME of RFC 5424; "-" if the machine has none. */
    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "-";
        }
    }
}
