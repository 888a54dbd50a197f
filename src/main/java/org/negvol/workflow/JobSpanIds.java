package org.negvol.workflow;

import io.opentelemetry.sdk.trace.IdGenerator;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Gives the trace of a job the same ids in every process, so that receiver, worker and gateway need
 * not hand them on; all other spans get random ones.
 */
@Singleton
class JobSpanIds implements IdGenerator {

    /** Bound while the span that stands for a whole job is made. */
    static final ScopedValue<Ids> WHOLE_JOB = ScopedValue.newInstance();

    private static final int TRACE_DIGITS = 32;
    private static final int SPAN_DIGITS = 16;

    /**
     * Ids of the span that stands for a whole job.
     *
     * @param traceId 32 hexadecimal digits
     * @param spanId 16 hexadecimal digits
     */
    record Ids(String traceId, String spanId) {

        static Ids of(String aeTitle, long jobId) {
            try {
                String hash =
                        HexFormat.of()
                                .formatHex(
                                        MessageDigest.getInstance("SHA-256")
                                                .digest(
                                                        (aeTitle + "/" + jobId)
                                                                .getBytes(StandardCharsets.UTF_8)));
                return new Ids(
                        hash.substring(0, TRACE_DIGITS),
                        hash.substring(TRACE_DIGITS, TRACE_DIGITS + SPAN_DIGITS));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    @Override
    public String generateSpanId() {
        return WHOLE_JOB.isBound()
                ? WHOLE_JOB.get().spanId()
                : IdGenerator.random().generateSpanId();
    }

    @Override
    public String generateTraceId() {
        return WHOLE_JOB.isBound()
                ? WHOLE_JOB.get().traceId()
                : IdGenerator.random().generateTraceId();
    }
}
