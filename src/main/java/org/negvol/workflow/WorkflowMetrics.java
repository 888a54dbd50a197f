package org.negvol.workflow;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** What the workflow does and what waits, as numbers. */
@ApplicationScoped
class WorkflowMetrics {

    private static final Logger LOG = Logger.getLogger(WorkflowMetrics.class);
    private static final int SECONDS_BETWEEN_COUNTS = 5;

    private final MeterRegistry metrics;
    private final Jobs jobs;
    private final Outbox outbox;
    private final MultiGauge jobCount;
    private final MultiGauge jobAge;
    private final MultiGauge deliveryCount;
    private final MultiGauge deliveryAge;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("workflow-metrics").daemon().factory());

    WorkflowMetrics(MeterRegistry metrics, Jobs jobs, Outbox outbox) {
        this.metrics = metrics;
        this.jobs = jobs;
        this.outbox = outbox;
        jobCount =
                MultiGauge.builder("negvol.jobs.open")
                        .description("Jobs by state, as the database counts them")
                        .register(metrics);
        jobAge =
                MultiGauge.builder("negvol.jobs.oldest.age")
                        .description("Age of the oldest job in a state")
                        .baseUnit("seconds")
                        .register(metrics);
        deliveryCount =
                MultiGauge.builder("negvol.deliveries.open")
                        .description("Objects by destination and state")
                        .register(metrics);
        deliveryAge =
                MultiGauge.builder("negvol.deliveries.oldest.age")
                        .description("Age of the oldest object of a destination and state")
                        .baseUnit("seconds")
                        .register(metrics);
    }

    void start(@Observes @Priority(4000) StartupEvent event) {
        var unused =
                clock.scheduleWithFixedDelay(
                        this::count, 1, SECONDS_BETWEEN_COUNTS, TimeUnit.SECONDS);
    }

    void stop(@Observes @Priority(50) ShutdownEvent event) {
        clock.shutdownNow();
    }

    void step(StepListener.Step step, Duration time) {
        metrics.timer("negvol.step", "step", name(step)).record(time);
    }

    void processed(JobState state, Duration time) {
        metrics.timer("negvol.job", "outcome", name(state)).record(time);
        ended(state);
    }

    void ended(JobState state) {
        metrics.counter("negvol.jobs.ended", "outcome", name(state)).increment();
    }

    void delivery(String destination, String result, Duration time) {
        metrics.timer("negvol.delivery", "destination", destination, "result", result).record(time);
    }

    void removed(String reason) {
        metrics.counter("negvol.studies.removed", "reason", reason).increment();
    }

    private void count() {
        try {
            Instant now = Instant.now();
            List<MultiGauge.Row<?>> counts = new ArrayList<>();
            List<MultiGauge.Row<?>> ages = new ArrayList<>();
            for (Object[] row : jobs.backlog()) {
                Tags tags = Tags.of("state", name((JobState) row[0]));
                counts.add(MultiGauge.Row.of(tags, (Long) row[1]));
                ages.add(MultiGauge.Row.of(tags, seconds((Instant) row[2], now)));
            }
            jobCount.register(counts, true);
            jobAge.register(ages, true);
            List<MultiGauge.Row<?>> parcels = new ArrayList<>();
            List<MultiGauge.Row<?>> waiting = new ArrayList<>();
            for (Object[] row : outbox.backlog()) {
                Tags tags =
                        Tags.of(
                                "destination",
                                (String) row[0],
                                "state",
                                name((DeliveryState) row[1]));
                parcels.add(MultiGauge.Row.of(tags, (Long) row[2]));
                waiting.add(MultiGauge.Row.of(tags, seconds((Instant) row[3], now)));
            }
            deliveryCount.register(parcels, true);
            deliveryAge.register(waiting, true);
        } catch (RuntimeException e) {
            LOG.debugf("The backlog could not be counted: %s", e.getMessage());
        }
    }

    private static double seconds(Instant since, Instant now) {
        return Duration.between(since, now).toMillis() / 1e3;
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
