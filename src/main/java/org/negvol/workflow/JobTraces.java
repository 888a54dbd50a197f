package org.negvol.workflow;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.ArchiveIndex;
import org.negvol.archive.ArchivedSeries;
import org.negvol.config.RemoteAe;
import org.negvol.config.Settings;
import org.negvol.volume.Side;

/**
 * The trace of a job, from the first slice to the last delivery: one span for the whole, and in it
 * {@code receive}, {@code wait}, {@code process} with its steps, and {@code deliver} for each try.
 */
@ApplicationScoped
class JobTraces {

    private static final AttributeKey<String> STUDY =
            AttributeKey.stringKey("dicom.study_instance_uid");
    private static final AttributeKey<String> SERIES =
            AttributeKey.stringKey("dicom.series_instance_uid");
    private static final AttributeKey<Long> INSTANCES = AttributeKey.longKey("negvol.instances");
    private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("negvol.attempt");
    private static final AttributeKey<String> STATE = AttributeKey.stringKey("negvol.state");
    private static final AttributeKey<String> SIDE = AttributeKey.stringKey("negvol.side");
    private static final AttributeKey<String> DESTINATION =
            AttributeKey.stringKey("negvol.destination");

    private final Tracer tracer;
    private final ArchiveIndex index;
    private final String aeTitle;

    JobTraces(OpenTelemetry telemetry, ArchiveIndex index, Settings settings) {
        tracer = telemetry.getTracer("org.negvol");
        this.index = index;
        aeTitle = settings.aeTitle();
    }

    /** A worker begins with a job; the caller ends the span. */
    Span process(Jobs.Claim claim, ArchivedSeries series) {
        return in(claim.jobId(), "process")
                .setAttribute(STUDY, series.studyInstanceUid())
                .setAttribute(SERIES, series.seriesInstanceUid())
                .setAttribute(ATTEMPT, (long) claim.attempt())
                .startSpan();
    }

    /**
     * A step has just ended.
     *
     * @param process what it was a step of
     */
    void step(Context process, StepListener.Step step, @Nullable Side side, Duration time) {
        Instant end = Instant.now();
        SpanBuilder span =
                tracer.spanBuilder(step.name().toLowerCase(Locale.ROOT))
                        .setParent(process)
                        .setStartTimestamp(end.minus(time));
        if (side != null) {
            span.setAttribute(SIDE, side.name().toLowerCase(Locale.ROOT));
        }
        span.startSpan().end(end);
    }

    /**
     * A job has ended: what came before the worker had it, and the whole.
     *
     * @param process of the last attempt
     * @param begun when that began
     */
    void ended(
            Span process, Instant begun, Jobs.Claim claim, ArchivedSeries series, JobState state) {
        if (!process.isRecording()) {
            return;
        }
        Instant first = index.firstArrival(series.id()).orElse(series.lastReceivedAt());
        JobSpanIds.Ids ids = JobSpanIds.Ids.of(aeTitle, claim.jobId());
        Span whole =
                ScopedValue.where(JobSpanIds.WHOLE_JOB, ids)
                        .call(
                                () ->
                                        tracer.spanBuilder("series")
                                                .setNoParent()
                                                .setStartTimestamp(first)
                                                .setAttribute(STUDY, series.studyInstanceUid())
                                                .setAttribute(SERIES, series.seriesInstanceUid())
                                                .setAttribute(INSTANCES, (long) series.instances())
                                                .setAttribute(STATE, state.name())
                                                .startSpan());
        if (state == JobState.FAILED) {
            whole.setStatus(StatusCode.ERROR);
        }
        past(claim.jobId(), "receive", first, series.lastReceivedAt());
        past(claim.jobId(), "wait", series.lastReceivedAt(), begun);
        whole.end();
    }

    /** Results are sent to a destination; the caller ends the span. */
    Span deliver(long jobId, RemoteAe destination, String sopInstanceUid) {
        Span span =
                in(jobId, "deliver")
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(DESTINATION, destination.name())
                        .startSpan();
        if (span.isRecording()) {
            index.studyOfInstance(sopInstanceUid)
                    .ifPresent(s -> span.setAttribute(STUDY, s.studyInstanceUid()));
        }
        return span;
    }

    private void past(long jobId, String name, Instant from, Instant to) {
        in(jobId, name).setStartTimestamp(from).startSpan().end(to.isBefore(from) ? from : to);
    }

    private SpanBuilder in(long jobId, String name) {
        JobSpanIds.Ids ids = JobSpanIds.Ids.of(aeTitle, jobId);
        SpanContext whole =
                SpanContext.createFromRemoteParent(
                        ids.traceId(),
                        ids.spanId(),
                        TraceFlags.getSampled(),
                        TraceState.getDefault());
        return tracer.spanBuilder(name).setParent(Context.root().with(Span.wrap(whole)));
    }
}
