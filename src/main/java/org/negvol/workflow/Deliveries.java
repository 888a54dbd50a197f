package org.negvol.workflow;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.node.CommitmentScu;
import org.negvol.node.audit.AuditTrail;
import org.negvol.workflow.ResultSender.Answer;

/**
 * Delivers results. A destination that is down gets them when it is up again; one object that was
 * taken is never sent again, one that may have been is, under the same UIDs.
 */
@ApplicationScoped
class Deliveries {

    private static final Logger LOG = Logger.getLogger(Deliveries.class);

    private final Outbox outbox;
    private final ResultSender sender;
    private final WorkflowMetrics metrics;
    private final AuditTrail audit;
    private final CommitmentScu commitment;
    private final Settings settings;
    private final Backoff backoff;
    private final boolean alone;
    private final TaskQueue queue;

    Deliveries(
            Outbox outbox,
            ResultSender sender,
            WorkflowMetrics metrics,
            AuditTrail audit,
            CommitmentScu commitment,
            Settings settings,
            AgroalDataSource database,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String databaseUrl) {
        this.outbox = outbox;
        this.sender = sender;
        this.metrics = metrics;
        this.audit = audit;
        this.commitment = commitment;
        this.settings = settings;
        backoff =
                new Backoff(
                        settings.workflow().retryDelay(), settings.workflow().retryDelayLimit());
        alone = EmbeddedPostgresDriver.isEmbedded(databaseUrl);
        queue =
                new TaskQueue(
                        database,
                        "delivery_tasks",
                        "result",
                        settings.workflow().senders(),
                        settings.workflow().drainTimeout(),
                        this::run);
    }

    void start(@Observes @Priority(3000) StartupEvent event) throws SQLException {
        if (settings.has(Settings.Role.GATEWAY)) {
            queue.start(alone);
        }
    }

    void pause(@Observes @Priority(50) ShutdownEvent event) {
        queue.pause();
    }

    /** After the processing, whose last result waits in the outbox for the next start. */
    void stop(@Observes @Priority(1100) ShutdownEvent event) {
        queue.stop();
    }

    boolean isRunning() {
        return queue.isRunning();
    }

    /** Submits the delivery of a job's objects as part of the caller's transaction. */
    void submit(long jobId, String destination) {
        queue.submit(jobId + "/" + destination);
    }

    /** Tries a delivery now that failed or waits for its next turn. */
    void hurry(long jobId, String destination) {
        queue.hurry(jobId + "/" + destination);
    }

    void wake() {
        queue.wake();
    }

    private @Nullable Instant run(String id) {
        int slash = id.indexOf('/');
        long jobId = Long.parseLong(id.substring(0, slash));
        String name = id.substring(slash + 1);
        List<Outbox.Parcel> parcels = outbox.parcels(jobId, name);
        if (parcels.isEmpty()) {
            return null;
        }
        Optional<RemoteAe> destination = settings.destination(name);
        if (destination.isEmpty()) {
            giveUp(parcels, name, "The configuration names no destination %s.".formatted(name));
            return null;
        }
        RemoteAe remote = destination.get();
        List<Outbox.Parcel> again = new ArrayList<>();
        List<Outbox.Parcel> rest = new ArrayList<>(parcels);
        List<Outbox.Parcel> taken = new ArrayList<>();
        String why = "";
        try {
            sender.send(
                    remote,
                    parcels,
                    new ResultSender.Progress() {
                        @Override
                        public boolean begin(Outbox.Parcel parcel) {
                            boolean wanted = outbox.begin(parcel);
                            if (!wanted) {
                                rest.remove(parcel);
                            }
                            return wanted;
                        }

                        @Override
                        public void end(Outbox.Parcel parcel, Answer answer, long nanos) {
                            rest.remove(parcel);
                            ended(parcel, name, answer, nanos);
                            if (answer instanceof Answer.NotNow) {
                                again.add(parcel);
                            } else if (answer instanceof Answer.Taken) {
                                taken.add(parcel);
                            }
                        }
                    });
        } catch (IOException e) {
            why = sentence(remote, e);
            metrics.delivery(name, "failed", Duration.ZERO);
            LOG.warnf("Results of job %d to %s: %s", jobId, remote, why);
            again.addAll(rest);
        }
        if (!taken.isEmpty()) {
            audit.sent(
                    remote,
                    taken.getFirst().sopInstanceUid(),
                    taken.stream().map(Outbox.Parcel::sopClassUid).toList());
            commitment.request(
                    remote,
                    taken.stream()
                            .map(p -> new CommitmentScu.Sent(p.sopClassUid(), p.sopInstanceUid()))
                            .toList());
        }
        if (again.isEmpty()) {
            LOG.infof("Results of job %d: all objects are sent to %s", jobId, remote);
            return null;
        }
        return later(again, rest, name, why);
    }

    /**
     * @param broken those of {@code again} that an ended association kept from being sent
     */
    private @Nullable Instant later(
            List<Outbox.Parcel> again, List<Outbox.Parcel> broken, String name, String why) {
        Instant since = again.getFirst().createdAt();
        if (Instant.now().isAfter(since.plus(settings.workflow().giveUpAfter()))) {
            giveUp(again, name, "Not delivered since %s; given up. %s".formatted(since, why));
            return null;
        }
        int failures = 1 + again.stream().mapToInt(Outbox.Parcel::attempts).max().orElse(0);
        Duration pause = backoff.after(failures, ThreadLocalRandom.current().nextDouble());
        outbox.interrupted(broken, why);
        return Instant.now().plus(pause);
    }

    private void giveUp(List<Outbox.Parcel> parcels, String name, String sentence) {
        LOG.errorf("%d objects for %s are not delivered: %s", parcels.size(), name, sentence);
        outbox.end(parcels, DeliveryState.FAILED, sentence);
        metrics.delivery(name, "given up", Duration.ZERO);
    }

    private void ended(Outbox.Parcel parcel, String name, Answer answer, long nanos) {
        Duration time = Duration.ofNanos(nanos);
        List<Outbox.Parcel> one = List.of(parcel);
        switch (answer) {
            case Answer.Taken t -> {
                outbox.end(one, DeliveryState.DELIVERED, t.sentence());
                metrics.delivery(name, "delivered", time);
            }
            case Answer.NotNow n -> {
                LOG.warnf(
                        "%s %s to %s: %s",
                        parcel.kind(), parcel.sopInstanceUid(), name, n.sentence());
                outbox.end(one, DeliveryState.PENDING, n.sentence());
                metrics.delivery(name, "refused", time);
            }
            case Answer.Never n -> {
                LOG.errorf(
                        "%s %s to %s: %s",
                        parcel.kind(), parcel.sopInstanceUid(), name, n.sentence());
                outbox.end(one, DeliveryState.FAILED, n.sentence());
                metrics.delivery(name, "unsupported", time);
            }
        }
    }

    private static String sentence(RemoteAe remote, IOException e) {
        return switch (e) {
            case ConnectException c -> "Nobody answers at %s.".formatted(remote);
            case UnknownHostException u -> "There is no host %s.".formatted(remote.host());
            default ->
                    "The association with %s failed: %s"
                            .formatted(
                                    remote,
                                    e.getMessage() == null
                                            ? e.getClass().getSimpleName()
                                            : e.getMessage());
        };
    }
}
