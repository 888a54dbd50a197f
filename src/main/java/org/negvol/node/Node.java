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
    private volatile @Nullable DimseServer server;

    Node(
            Settings settings,
            StorageScp storage,
            QueryScp query,
            RetrieveScp retrieve,
            CommitmentScp commitment,
            CommitmentScu commitmentReports,
            ProcedureStepScp procedureSteps,
            AssociationMetrics associations) {
        this.settings = settings;
        this.storage = storage;
        this.query = query;
        this.retrieve = retrieve;
        this.commitment = commitment;
        this.commitmentReports = commitmentReports;
        this.procedureSteps = procedureSteps;
        this.associations = associations;
    }

    /** The port listened on; -1 while closed. */
    public int port() {
        DimseServer running = server;
        return running == null ? -1 : running.port();
    }

    void start(@Observes @Priority(5000) StartupEvent event) throws IOException {
        var dimse = settings.dimse();
        DimseServer started =
                DimseServer.start(
                        DimseServerOptions.of(settings.aeTitle(), dimse.port())
                                .withBindAddress(InetAddress.getByName(dimse.bindAddress()))
                                .withMaxAssociations(dimse.maxAssociations())
                                .withMaxPduLength(dimse.maxPduLength())
                                .withTimeouts(DimseTimeouts.DEFAULT.withIdle(dimse.idleTimeout()))
                                .withPresentation(presentation()),
                        new CallerPolicy(settings),
                        List.of(
                                storage.handler(),
                                query.handler(),
                                retrieve.handler(),
                                commitment.handler(),
                                commitmentReports.handler(),
                                procedureSteps.createHandler(),
                                procedureSteps.setHandler()),
                        associations.listener());
        server = started;
        LOG.infof(
                "AE %s takes associations on %s:%d; results go to %s; data in %s",
                settings.aeTitle(),
                dimse.bindAddress(),
                started.port(),
                settings.destinations().isEmpty()
                        ? "nobody (set negvol.destinations.NAME=AET@host:port)"
                        : settings.destinations().stream()
                                .map(d -> d.name() + " (" + d + ")")
                                .collect(Collectors.joining(", ")),
                settings.dataDir());
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
        DimseServer running = server;
        server = null;
        if (running != null) {
            running.stopAccepting();
            running.close(settings.workflow().drainTimeout());
        }
    }
}
