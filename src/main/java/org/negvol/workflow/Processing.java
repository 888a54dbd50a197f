package org.negvol.workflow;

import io.agroal.api.AgroalDataSource;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedSeries;
import org.negvol.archive.postgres.EmbeddedPostgresDriver;
import org.negvol.config.ConfigurationProblem;
import org.negvol.config.Settings;
import org.negvol.dicom.DicomException;

/** Runs the jobs: takes one, walks its series through the pipeline, ends it with its deliveries. */
@ApplicationScoped
class Processing {

    private static final Logger LOG = Logger.getLogger(Processing.class);

    /** Between a job and the destination that alternatives are made for. */
    private static final String FOR = "/";

    private final Jobs jobs;
    private final ArchiveIndex index;
    private final SeriesProcessor processor;
    private final StudyPlanner planner;
    private final Deliveries deliveries;
    private final WorkflowMetrics metrics;
    private final JobTraces traces;
    private final Settings settings;
    private final Backoff backoff;
    private final boolean alone;
    private final TaskQueue queue;

    Processing(
            Jobs jobs,
            ArchiveIndex index,
            SeriesProcessor processor,
            StudyPlanner planner,
            Deliveries deliveries,
            WorkflowMetrics metrics,
            JobTraces traces,
            Settings settings,
            AgroalDataSource database,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String databaseUrl) {
        this.jobs = jobs;
        this.index = index;
        this.processor = processor;
        this.planner = planner;
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.traces = traces;
        this.settings = settings;
        backoff =
                new Backoff(
                        settings.workflow().retryDelay(), settings.workflow().retryDelayLimit());
        alone = EmbeddedPostgresDriver.isEmbedded(databaseUrl);
        queue =
                new TaskQueue(
                        database,
                        "processing_tasks",
                        "series",
                        settings.workflow().workers(),
                        settings.workflow().drainTimeout(),
                        this::run);
    }

    void start(@Observes @Priority(3000) StartupEvent event) throws SQLException {
        for (Settings.Role role : Settings.Role.values()) {
            if (alone && !settings.roles().isEmpty() && !settings.has(role)) {
                throw new ConfigurationProblem(
                        ("negvol.roles leaves %s to another process, and no other process reaches the"
                                        + " embedded database: set quarkus.datasource.jdbc.url to a"
                                        + " PostgreSQL server, or negvol.roles to all of them.")
                                .formatted(role.name().toLowerCase(Locale.ROOT)));
            }
        }
        if (settings.has(Settings.Role.WORKER)) {
            queue.start(alone);
        }
    }

    /** Before the node, which waits for its associations: no new work while it does. */
    void pause(@Observes @Priority(50) ShutdownEvent event) {
        queue.pause();
        Duration drain = settings.workflow().drainTimeout();
        Thread.ofVirtual()
                .name("drain")
                .start(
                        () -> {
                            try {
                                Thread.sleep(drain);
                                queue.interruptAll();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    void stop(@Observes @Priority(1000) ShutdownEvent event) {
        queue.stop();
    }

    boolean isRunning() {
        return queue.isRunning();
    }

    /** Submits a job as part of the caller's transaction. */
    void submit(long jobId) {
        queue.submit(Long.toString(jobId));
    }

    /** A plan was committed. */
    void planned(String studyInstanceUid, List<StudyPlan.Action> plan) {
        for (StudyPlan.Action action : plan) {
            switch (action) {
                case StudyPlan.Supersede s -> {
                    LOG.infof(
                            "Study %s: job %d is superseded: %s",
                            studyInstanceUid, s.jobId(), s.sentence());
                    queue.interrupt(Long.toString(s.jobId()));
                    metrics.ended(JobState.SUPERSEDED);
                }
                case StudyPlan.Skip s -> metrics.ended(JobState.SKIPPED);
                case StudyPlan.Start s ->
                        LOG.infof(
                                "Study %s: a series of %d instances is released",
                                studyInstanceUid, s.instances());
            }
        }
        if (!plan.isEmpty()) {
            queue.wake();
        }
    }

    /** Has made what a destination may be sent instead of an object of a job that it refuses. */
    void makeAlternatives(long jobId, String destination) {
        queue.hurry(jobId + FOR + destination);
    }

    private @Nullable Instant run(String id) {
        int at = id.indexOf(FOR);
        return at < 0
                ? process(Long.parseLong(id))
                : alternatives(
                        Long.parseLong(id.substring(0, at)), id.substring(at + FOR.length()));
    }

    private @Nullable Instant alternatives(long jobId, String destination) {
        Optional<Jobs.Claim> ended = jobs.ended(jobId);
        if (ended.isEmpty()) {
            return null;
        }
        try {
            processor.alternatives(ended.get(), destination);
        } catch (InterruptedIOException e) {
            return Instant.now();
        } catch (IOException | RuntimeException e) {
            LOG.errorf(
                    e,
                    "Job %d: what %s may be sent instead of what it refuses could not be made and"
                            + " is tried again in %s",
                    jobId,
                    destination,
                    settings.workflow().retryDelayLimit());
            return Instant.now().plus(settings.workflow().retryDelayLimit());
        }
        deliveries.hurry(jobId, destination);
        return null;
    }

    private @Nullable Instant process(long jobId) {
        int most = settings.workflow().maxAttempts();
        Optional<Jobs.Claim> claimed = jobs.claim(jobId, most);
        if (claimed.isEmpty()) {
            return null;
        }
        Jobs.Claim claim = claimed.get();
        ArchivedSeries series = index.series(claim.seriesId()).orElseThrow();
        MDC.put("study", series.studyInstanceUid());
        MDC.put("series", series.seriesInstanceUid());
        Instant begun = Instant.now();
        Span span = traces.process(claim, series);
        try (Scope _ = span.makeCurrent()) {
            Ending ending = work(claim, series, most);
            ending.state().ifPresent(s -> traces.ended(span, begun, claim, series, s));
            return ending.again();
        } finally {
            span.end();
            MDC.remove("study");
            MDC.remove("series");
        }
    }

    /**
     * How an attempt ended.
     *
     * @param state of the job, if this attempt has ended it
     * @param again when the next one is due
     */
    private record Ending(Optional<JobState> state, @Nullable Instant again) {

        static final Ending TAKEN_AWAY = new Ending(Optional.empty(), null);
    }

    private Ending work(Jobs.Claim claim, ArchivedSeries series, int most) {
        String study = series.studyInstanceUid();
        String where = "Study %s, series %s".formatted(study, series.seriesInstanceUid());
        LOG.infof("%s: processing, attempt %d", where, claim.attempt());
        long start = System.nanoTime();
        try {
            Optional<SeriesProcessor.Processed> processed = processor.process(claim);
            if (processed.isPresent() && finish(claim, study, processed.get())) {
                Duration time = Duration.ofNanos(System.nanoTime() - start);
                metrics.processed(processed.get().state(), time);
                LOG.infof(
                        "%s: %s after %.2f s: %s",
                        where,
                        processed.get().state(),
                        time.toNanos() / 1e9,
                        processed.get().sentence());
                deliveries.wake();
                keepPage(claim, where, processed.get());
                return new Ending(Optional.of(processed.get().state()), null);
            }
            return Ending.TAKEN_AWAY;
        } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
            // Cleared here, since what is left to do is short and must be done.
            boolean interrupted = Thread.interrupted() || e instanceof InterruptedIOException;
            if (interrupted) {
                LOG.infof("%s: the work was interrupted", where);
                return giveBack(
                        claim,
                        "The node stopped; the series is processed after its start.",
                        Duration.ZERO);
            }
            if (e instanceof DicomException) {
                // It will not read better the next time.
                return fail(claim, where, "An image cannot be read: " + reason(e), e);
            }
            if (claim.attempt() >= most) {
                return fail(
                        claim,
                        where,
                        "The series could not be processed in %d attempts: %s"
                                .formatted(claim.attempt(), reason(e)),
                        e);
            }
            LOG.warnf(e, "%s: attempt %d failed", where, claim.attempt());
            return giveBack(
                    claim,
                    "Attempt %d failed and is repeated: %s".formatted(claim.attempt(), reason(e)),
                    backoff.after(claim.attempt(), ThreadLocalRandom.current().nextDouble()));
        }
    }

    /** The result counts without it. */
    private void keepPage(Jobs.Claim claim, String where, SeriesProcessor.Processed processed) {
        try {
            jobs.keepPage(claim, processor.page(processed));
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "%s: there is no page of the result", where);
        }
    }

    private Ending giveBack(Jobs.Claim claim, String sentence, Duration pause) {
        return jobs.change(claim, JobState.RECEIVED, sentence)
                ? new Ending(Optional.empty(), Instant.now().plus(pause))
                : Ending.TAKEN_AWAY;
    }

    private Ending fail(Jobs.Claim claim, String where, String sentence, Throwable cause) {
        LOG.errorf(cause, "%s: %s", where, sentence);
        Span.current().recordException(cause).setStatus(StatusCode.ERROR);
        if (jobs.change(claim, JobState.FAILED, sentence)) {
            metrics.ended(JobState.FAILED);
            return new Ending(Optional.of(JobState.FAILED), null);
        }
        return Ending.TAKEN_AWAY;
    }

    /**
     * Ends a job. One that shows nothing to measure gives way to the next best series of the study;
     * only the last of them tells the destinations that there is nothing.
     */
    private boolean finish(Jobs.Claim claim, String study, SeriesProcessor.Processed processed) {
        List<StudyPlan.Action> next = new ArrayList<>();
        boolean finished =
                QuarkusTransaction.requiringNew()
                        .call(
                                () -> {
                                    // First, as everyone who plans does: no deadlock.
                                    index.lockStudy(study);
                                    if (!jobs.finish(
                                            claim,
                                            processed.state(),
                                            processed.sentence(),
                                            processed.json())) {
                                        return false;
                                    }
                                    if (processed.state() == JobState.NOT_APPLICABLE) {
                                        next.addAll(planner.planAnew(study));
                                    }
                                    if (next.stream()
                                            .noneMatch(StudyPlan.Start.class::isInstance)) {
                                        jobs.deliver(claim, processed.made());
                                        processed
                                                .made()
                                                .wanted()
                                                .keySet()
                                                .forEach(d -> deliveries.submit(claim.jobId(), d));
                                    }
                                    return true;
                                });
        if (finished) {
            planned(study, next);
        }
        return finished;
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
