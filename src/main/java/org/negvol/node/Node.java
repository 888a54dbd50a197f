package org.negvol.node;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.config.Settings;
import org.negvol.dicom.UID;
import org.negvol.dimse.DimseServer;
import org.negvol.dimse.DimseServerOptions;
import org.negvol.dimse.DimseService;
import org.negvol.dimse.DimseTimeouts;
import org.negvol.dimse.PresentationPolicy;

/** The DICOM listener of the service: opened last at start, closed first at stop. */
@ApplicationScoped
public class Node {

    private static final Logger LOG = Logger.getLogger(Node.class);

    private final Settings settings;
    private final StorageScp storage;
    private final QueryScp query;
    private final RetrieveScp retrieve;
    private final CommitmentScp commitment;
    private final CommitmentScu commitmentReports;
    private final ProcedureStepScp procedureSteps;
    private final AssociationMetrics associations;
    private final AssociationAdmission admission;
    private final Tls tls;
    private volatile @Nullable DimseServer server;
    private volatile @Nullable DimseServer tlsServer;

    Node(
            Settings settings,
            StorageScp storage,
            QueryScp query,
            RetrieveScp retrieve,
            CommitmentScp commitment,
            CommitmentScu commitmentReports,
            ProcedureStepScp procedureSteps,
            Tls tls,
            AssociationMetrics associations,
            AssociationAdmission admission) {
        this.settings = settings;
        this.storage = storage;
        this.query = query;
        this.retrieve = retrieve;
        this.commitment = commitment;
        this.commitmentReports = commitmentReports;
        this.procedureSteps = procedureSteps;
        this.tls = tls;
        this.associations = associations;
        this.admission = admission;
    }

    /** The port listened on; -1 while closed. */
    public int port() {
        DimseServer running = server != null ? server : tlsServer;
        return running == null ? -1 : running.port();
    }

    void start(@Observes @Priority(5000) StartupEvent event) throws IOException {
        if (!settings.has(Settings.Role.RECEIVER)) {
            LOG.infof("AE %s takes no associations in this process", settings.aeTitle());
            return;
        }
        var dimse = settings.dimse();
        List<DimseService> services =
                List.of(
                        storage.handler(),
                        query.handler(),
                        retrieve.handler(),
                        commitment.handler(),
                        commitmentReports.handler(),
                        procedureSteps.createHandler(),
                        procedureSteps.setHandler());
        if (dimse.plain()) {
            server = listen(options(dimse.port()), services);
            LOG.infof(
                    "AE %s takes associations on %s:%d; results go to %s; data in %s",
                    settings.aeTitle(),
                    dimse.bindAddress(),
                    port(),
                    settings.destinations().isEmpty()
                            ? "nobody (set negvol.destinations.NAME=AET@host:port)"
                            : settings.destinations().stream()
                                    .map(d -> d.name() + " (" + d + ")")
                                    .collect(Collectors.joining(", ")),
                    settings.dataDir());
        }
        if (dimse.tlsPort().isPresent()) {
            DimseServer started =
                    listen(options(dimse.tlsPort().get()).withTls(tls.listener()), services);
            tlsServer = started;
            LOG.infof(
                    "AE %s takes associations over TLS on %s:%d",
                    settings.aeTitle(), dimse.bindAddress(), started.port());
        }
    }

    private DimseServerOptions options(int port) throws IOException {
        var dimse = settings.dimse();
        return DimseServerOptions.of(settings.aeTitle(), port)
                .withBindAddress(InetAddress.getByName(dimse.bindAddress()))
                .withMaxAssociations(dimse.maxAssociations())
                .withMaxPduLength(dimse.maxPduLength())
                .withTimeouts(DimseTimeouts.DEFAULT.withIdle(dimse.idleTimeout()))
                .withPresentation(presentation());
    }

    private DimseServer listen(DimseServerOptions options, List<DimseService> services)
            throws IOException {
        return DimseServer.start(options, admission, services, associations.listener());
    }

    /** What this node performs besides storage. */
    static PresentationPolicy presentation() {
        PresentationPolicy policy = PresentationPolicy.DEFAULT;
        for (String sopClass : QueryScp.SOP_CLASSES) {
            policy = policy.with(sopClass);
        }
        for (String sopClass : RetrieveScp.sopClasses()) {
            policy = policy.with(sopClass);
        }
        return policy.with(UID.StorageCommitmentPushModel).with(UID.ModalityPerformedProcedureStep);
    }

    void stop(@Observes @Priority(100) ShutdownEvent event) {
        DimseServer plain = server;
        DimseServer secure = tlsServer;
        server = null;
        tlsServer = null;
        // Both refuse newcomers before either waits for its last association.
        for (DimseServer running : new DimseServer[] {plain, secure}) {
            if (running != null) {
                running.stopAccepting();
            }
        }
        for (DimseServer running : new DimseServer[] {plain, secure}) {
            if (running != null) {
                running.close(settings.workflow().drainTimeout());
            }
        }
    }
}
