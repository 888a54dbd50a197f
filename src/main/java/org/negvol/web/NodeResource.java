package org.negvol.web;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;
import org.negvol.config.KnownCaller;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.node.Tls;
import org.negvol.node.VerificationScu;
import org.negvol.workflow.NodeView;
import org.negvol.workflow.PipelineVersion;

/** What an operator sees of the node; with log-in, operators alone ({@link AccessPolicy}). */
@Path(NodeResource.PATH)
@Produces(MediaType.APPLICATION_JSON)
public class NodeResource {

    static final String PATH = "/api/node";

    private final Settings settings;
    private final Tls tls;
    private final VerificationScu verification;
    private final NodeView view;
    private final ConfigurationInForce configuration;
    private final RecentTrouble trouble;

    NodeResource(
            Settings settings,
            Tls tls,
            VerificationScu verification,
            NodeView view,
            ConfigurationInForce configuration,
            RecentTrouble trouble) {
        this.settings = settings;
        this.tls = tls;
        this.verification = verification;
        this.view = view;
        this.configuration = configuration;
        this.trouble = trouble;
    }

    /**
     * The node.
     *
     * @param aeTitle what it is called
     * @param roles what this process does
     * @param version of negvol
     * @param java version of the runtime
     * @param cores processors this process may use
     * @param memoryBytes most memory of its heap
     * @param certificateNotAfter until when its certificate is valid; null without one
     * @param destinations where results go
     * @param callers who may call
     * @param unknownCallers which others may store
     * @param configuration what is set
     * @param models its networks
     * @param troubles jobs and deliveries that wait for somebody
     * @param log latest warnings and errors
     */
    public record NodeStatus(
            String aeTitle,
            List<String> roles,
            String version,
            String java,
            int cores,
            long memoryBytes,
            @Nullable Instant certificateNotAfter,
            List<Destination> destinations,
            List<KnownCaller> callers,
            String unknownCallers,
            List<ConfigurationInForce.Entry> configuration,
            List<NodeView.Model> models,
            List<NodeView.Trouble> troubles,
            List<RecentTrouble.Line> log) {}

    /**
     * A destination.
     *
     * @param name what the configuration calls it
     * @param aeTitle its AE title
     * @param host name or address
     * @param port TCP port
     * @param tls whether it is called over TLS
     * @param options which objects it gets, as configured; empty for the usual ones
     * @param backlog what it still waits for
     */
    public record Destination(
            String name,
            String aeTitle,
            String host,
            int port,
            boolean tls,
            String options,
            List<NodeView.Backlog> backlog) {}

    /** All but the storage. */
    @GET
    public NodeStatus status() {
        List<NodeView.Backlog> backlog = view.backlog();
        return new NodeStatus(
                settings.aeTitle(),
                settings.roles().stream().map(Settings.Role::name).toList(),
                PipelineVersion.CURRENT,
                Runtime.version().toString(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory(),
                tls.certificateNotAfter().orElse(null),
                settings.destinations().stream().map(d -> destination(d, backlog)).toList(),
                settings.callers(),
                settings.unknownCallers().name(),
                configuration.entries(),
                view.models(),
                view.troubles(),
                trouble.lines());
    }

    private Destination destination(RemoteAe remote, List<NodeView.Backlog> backlog) {
        return new Destination(
                remote.name(),
                remote.aeTitle(),
                remote.host(),
                remote.port(),
                tls.isSecure(remote),
                settings.destinationOptions(remote.name()),
                backlog.stream().filter(b -> b.destination().equals(remote.name())).toList());
    }

    /**
     * What is kept where.
     *
     * @param folder the data folder
     * @param usableBytes free on its disk
     * @param totalBytes size of its disk
     * @param minFreeBytes below this nothing more is accepted
     * @param index what the database says
     */
    public record Disk(
            String folder,
            long usableBytes,
            long totalBytes,
            long minFreeBytes,
            NodeView.Storage index) {}

    /**
     * The storage; slower than the rest, since every instance is counted.
     *
     * @throws IOException if the disk does not say
     */
    @GET
    @Path("storage")
    public Disk storage() throws IOException {
        FileStore disk = Files.getFileStore(settings.dataDir());
        return new Disk(
                settings.dataDir().toString(),
                disk.getUsableSpace(),
                disk.getTotalSpace(),
                settings.archive().minFreeBytes(),
                view.storage());
    }

    /**
     * Whether a destination answered.
     *
     * @param answers whether it did
     * @param sentence what happened, in words
     * @param millis how long it took
     */
    public record Echo(boolean answers, String sentence, long millis) {}

    /** Calls a destination: association and C-ECHO. */
    @POST
    @Path("destinations/{name}/echo")
    public Echo echo(@RestPath String name) {
        RemoteAe remote =
                settings.destination(name)
                        .orElseThrow(
                                () ->
                                        new NotFoundException(
                                                "negvol.destinations names no %s."
                                                        .formatted(name)));
        long start = System.nanoTime();
        Optional<String> problem = verification.problem(remote);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        return new Echo(
                problem.isEmpty(),
                problem.orElse("%s answers after %d ms.".formatted(remote, millis)),
                millis);
    }
}
