package org.negvol.workflow;

import io.agroal.api.AgroalDataSource;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
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
import org.negvol.node.CommitmentReport;
import org.negvol.node.audit.AuditTrail;
import org.negvol.workflow.ResultSender.Answer;

/**
 * Delivers results. A destination that is down gets them when it is up again; one object that was
 * taken is never sent again, one that may have been is, under the same UIDs.
 */
@ApplicationScoped
class Deliveries {

    private static final Logger LOG = Logger.getLogger(Deliveries.class);

    /** A destination that has not said for so long whether it keeps what it took is asked again. */
    static final Duration COMMITMENT_PATIENCE = Duration.ofHours(1);

    private final Outbox outbox;
    private final DestinationWishes wishes;
    private final Instance<Processing> processing;
    private final ResultSender sender;
    private final WorkflowMetrics metrics;
    private final AuditTrail audit;
    private final JobTraces traces;
    private final Settings settings;
    private final Backoff backoff;
    private final boolean alone;
    private final TaskQueue queue;

    Deliveries(
            Outbox outbox,
            DestinationWishes wishes,
            Instance<Processing> processing,
            ResultSender sender,
            WorkflowMetrics metrics,
            AuditTrail audit,
            JobTraces traces,
            Settings settings,
            AgroalDataSource database,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String databaseUrl) {
        this.outbox = outbox;
        this.wishes = wishes;
        this.processing = processing;
        this.sender = sender;
        this.metrics = metrics;
        this.audit = audit;
        this.traces = traces;
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

    /** What a destination does not keep is sent again, not at once but soon. */
    void reported(@Observes CommitmentReport report) {
        for (Outbox.Reported r :
                outbox.reported(report.transactionUid(), report.committed(), report.failed())) {
            queue.hurry(
                    r.jobId() + "/" + r.destination(),
                    report.failed().isEmpty() ? Instant.now() : later(r.attempts()));
        }
    }

    private @Nullable Instant run(String id) {
        int slash = id.indexOf('/');
        long jobId = Long.parseLong(id.substring(0, slash));
        String name = id.substring(slash + 1);
        List<Outbox.Parcel> parcels = withoutUncommitted(outbox.parcels(jobId, name), name);
        if (parcels.stream().allMatch(Outbox.Parcel::isOnStandby)) {
            return whenToGoOn(jobId, name);
        }
        Optional<RemoteAe> destination = settings.destination(name);
        if (destination.isEmpty()) {
            giveUp(parcels, name, "The configuration names no destination %s.".formatted(name));
            return null;
        }
        RemoteAe remote = destination.get();
        Round round = new Round(jobId, name, parcels);
        String why = "";
        Span span = traces.deliver(jobId, remote, parcels.getFirst().sopInstanceUid());
        try (Scope _ = span.makeCurrent()) {
            sender.send(remote, parcels, round);
        } catch (IOException e) {
            why = sentence(remote, e);
            metrics.delivery(name, "failed", Duration.ZERO);
            LOG.warnf("Results of job %d to %s: %s", jobId, remote, why);
            round.again.addAll(round.rest);
            span.recordException(e).setStatus(StatusCode.ERROR);
        } finally {
            span.end();
        }
        if (!round.taken.isEmpty()) {
            audit.sent(
                    remote,
                    round.taken.getFirst().sopInstanceUid(),
                    round.taken.stream().map(Outbox.Parcel::sopClassUid).toList());
        }
        Instant next = round.again.isEmpty() ? null : later(round.again, round.rest, name, why);
        if (round.alternatives) {
            return Instant.now();
        }
        if (next == null) {
            next = whenToGoOn(jobId, name);
        }
        if (next == null) {
            LOG.infof("Results of job %d: nothing is left to be sent to %s", jobId, remote);
        }
        return next;
    }

    /** What became of the objects that one association was to send. */
    private final class Round implements ResultSender.Progress {

        private final long jobId;
        private final String destination;
        private final List<Outbox.Parcel> rest = new ArrayList<>();
        private final List<Outbox.Parcel> again = new ArrayList<>();
        private final List<Outbox.Parcel> taken = new ArrayList<>();
        private boolean alternatives;

        Round(long jobId, String destination, List<Outbox.Parcel> parcels) {
            this.jobId = jobId;
            this.destination = destination;
            parcels.stream().filter(p -> !p.isOnStandby() && !p.isSent()).forEach(rest::add);
        }

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
            switch (answer) {
                case Answer.Taken t -> {
                    taken.add(parcel);
                    outbox.end(
                            List.of(parcel),
                            t.willCommit() ? DeliveryState.SENT : DeliveryState.DELIVERED,
                            t.sentence());
                    metrics.delivery(destination, "delivered", Duration.ofNanos(nanos));
                }
                case Answer.NotNow n -> {
                    again.add(parcel);
                    LOG.warnf("%s: %s", where(parcel), n.sentence());
                    outbox.end(List.of(parcel), DeliveryState.PENDING, n.sentence());
                    metrics.delivery(destination, "refused", Duration.ofNanos(nanos));
                }
                case Answer.Refused r -> {
                    LOG.warnf("%s: %s", where(parcel), r.sentence());
                    switch (outbox.refused(
                            parcel,
                            destination,
                            r.sentence(),
                            wishes.of(destination).hasAlternatives(parcel.resultKind()))) {
                        case Outbox.Instead.Sent s -> {
                            LOG.infof("%s: %s is sent instead", where(parcel), s.words());
                            alternatives = true;
                        }
                        case Outbox.Instead.ToBeMade t -> {
                            again.add(parcel);
                            processing.get().makeAlternatives(jobId, destination);
                        }
                        case Outbox.Instead.Nothing n ->
                                LOG.warnf("%s: nothing is sent instead", where(parcel));
                    }
                    metrics.delivery(destination, "unsupported", Duration.ofNanos(nanos));
                }
            }
        }

        @Override
        public void asking(List<Outbox.Parcel> taken, String transactionUid) {
            outbox.asking(taken, transactionUid);
        }

        @Override
        public void neverCommits(List<Outbox.Parcel> taken, String sentence) {
            outbox.end(taken, DeliveryState.DELIVERED, "Delivered. " + sentence);
        }

        private String where(Outbox.Parcel parcel) {
            return "%s %s to %s".formatted(parcel.kind(), parcel.sopInstanceUid(), destination);
        }
    }

    /**
     * Of what was sent only that stays for which the destination is to be asked again whether it
     * keeps it; what it has not said for too long is given up.
     */
    private List<Outbox.Parcel> withoutUncommitted(List<Outbox.Parcel> parcels, String name) {
        Instant now = Instant.now();
        // As long again as there was to send it.
        Instant tooOld = now.minus(settings.workflow().giveUpAfter().multipliedBy(2));
        List<Outbox.Parcel> rest = new ArrayList<>();
        List<Outbox.Parcel> hopeless = new ArrayList<>();
        for (Outbox.Parcel parcel : parcels) {
            if (!parcel.isSent()) {
                rest.add(parcel);
            } else if (parcel.createdAt().isBefore(tooOld)) {
                hopeless.add(parcel);
            } else if (!now.isBefore(parcel.changedAt().plus(COMMITMENT_PATIENCE))) {
                rest.add(parcel);
            }
        }
        if (!hopeless.isEmpty()) {
            giveUp(
                    hopeless,
                    name,
                    "Taken, but the destination did not say that it keeps it since %s. Let it report to %s, or turn negvol.dimse.request-commitment off."
                            .formatted(hopeless.getFirst().createdAt(), settings.aeTitle()));
        }
        return rest;
    }

    /**
     * When to ask a destination again to commit, or to send what it said at once that it does not
     * keep; null if there is neither.
     */
    private @Nullable Instant whenToGoOn(long jobId, String name) {
        Instant now = Instant.now();
        Instant next = null;
        for (Outbox.Parcel parcel : outbox.parcels(jobId, name)) {
            if (parcel.isOnStandby()) {
                continue;
            }
            Instant due =
                    parcel.isSent()
                            ? parcel.changedAt().plus(COMMITMENT_PATIENCE)
                            : later(parcel.attempts());
            if (due.isBefore(now)) {
                due = now.plus(COMMITMENT_PATIENCE);
            }
            next = next == null || due.isBefore(next) ? due : next;
        }
        return next;
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
        outbox.interrupted(broken, why);
        return later(failures);
    }

    private Instant later(int failures) {
        return Instant.now()
                .plus(backoff.after(failures, ThreadLocalRandom.current().nextDouble()));
    }

    private void giveUp(List<Outbox.Parcel> parcels, String name, String sentence) {
        LOG.errorf("%d objects for %s are not delivered: %s", parcels.size(), name, sentence);
        outbox.end(parcels, DeliveryState.FAILED, sentence);
        metrics.delivery(name, "given up", Duration.ZERO);
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
