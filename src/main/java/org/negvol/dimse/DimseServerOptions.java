package org.negvol.dimse;

import java.net.InetAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link DimseServer} listens; immutable. Made by {@link #of} and the {@code with} methods,
 * which return a changed copy.
 */
public final class DimseServerOptions {

    /** Offered P-DATA-TF length unless set otherwise, bytes. */
    public static final int DEFAULT_MAX_PDU_LENGTH = 256 * 1024;

    /** Associations at a time unless set otherwise. */
    public static final int DEFAULT_MAX_ASSOCIATIONS = 100;

    /** Longest data set unless set otherwise: no real object is half as long, bytes. */
    public static final long DEFAULT_MAX_DATASET_BYTES = 32L << 30;

    private static final int LEAST_PDU_LENGTH = 4096;
    private static final int MOST_PDU_LENGTH = 16 << 20;

    private final String aeTitle;
    private final int port;
    private @Nullable InetAddress bindAddress;
    private int maxAssociations = DEFAULT_MAX_ASSOCIATIONS;
    private int maxPduLength = DEFAULT_MAX_PDU_LENGTH;
    private long maxDatasetBytes = DEFAULT_MAX_DATASET_BYTES;
    private DimseTimeouts timeouts = DimseTimeouts.DEFAULT;
    private PresentationPolicy presentation = PresentationPolicy.DEFAULT;
    private @Nullable TlsOptions tls;

    private DimseServerOptions(String aeTitle, int port) {
        AeTitles.requireValid(aeTitle);
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("Port " + port);
        }
        this.aeTitle = aeTitle;
        this.port = port;
    }

    /**
     * All defaults, listening on all addresses.
     *
     * @param aeTitle this AE's own title, for names of threads and logs; who may call it by which
     *     title is {@link AccessControl}'s decision
     * @param port TCP port, 0 for any free one
     */
    public static DimseServerOptions of(String aeTitle, int port) {
        return new DimseServerOptions(aeTitle, port);
    }

    private DimseServerOptions with(Consumer<DimseServerOptions> change) {
        DimseServerOptions copy = new DimseServerOptions(aeTitle, port);
        copy.bindAddress = bindAddress;
        copy.maxAssociations = maxAssociations;
        copy.maxPduLength = maxPduLength;
        copy.maxDatasetBytes = maxDatasetBytes;
        copy.timeouts = timeouts;
        copy.presentation = presentation;
        copy.tls = tls;
        change.accept(copy);
        return copy;
    }

    static void requirePduLength(int length) {
        if (length < LEAST_PDU_LENGTH || length > MOST_PDU_LENGTH) {
            throw new IllegalArgumentException(
                    "PDU length %d is not within %d and %d"
                            .formatted(length, LEAST_PDU_LENGTH, MOST_PDU_LENGTH));
        }
    }

    /** The same on one address; null for all. */
    public DimseServerOptions withBindAddress(@Nullable InetAddress value) {
        return with(o -> o.bindAddress = value);
    }

    /**
     * The same with another limit of associations; more are rejected with "local limit exceeded".
     */
    public DimseServerOptions withMaxAssociations(int value) {
        if (value < 1) {
            throw new IllegalArgumentException("At most %d associations".formatted(value));
        }
        return with(o -> o.maxAssociations = value);
    }

    /** The same with another longest P-DATA-TF value offered to requestors, bytes. */
    public DimseServerOptions withMaxPduLength(int value) {
        requirePduLength(value);
        return with(o -> o.maxPduLength = value);
    }

    /** The same with another limit of data sets, bytes; a longer one aborts its association. */
    public DimseServerOptions withMaxDatasetBytes(long value) {
        if (value < 1) {
            throw new IllegalArgumentException("Data sets of %d bytes".formatted(value));
        }
        return with(o -> o.maxDatasetBytes = value);
    }

    /** The same with other time-outs. */
    public DimseServerOptions withTimeouts(DimseTimeouts value) {
        return with(o -> o.timeouts = value);
    }

    /** The same taking other objects. */
    public DimseServerOptions withPresentation(PresentationPolicy value) {
        return with(o -> o.presentation = value);
    }

    /** The same over TLS; null for plain TCP. */
    public DimseServerOptions withTls(@Nullable TlsOptions value) {
        return with(o -> o.tls = value);
    }

    String aeTitle() {
        return aeTitle;
    }

    @Nullable InetAddress bindAddress() {
        return bindAddress;
    }

    int port() {
        return port;
    }

    int maxAssociations() {
        return maxAssociations;
    }

    int maxPduLength() {
        return maxPduLength;
    }

    long maxDatasetBytes() {
        return maxDatasetBytes;
    }

    DimseTimeouts timeouts() {
        return timeouts;
    }

    PresentationPolicy presentation() {
        return presentation;
    }

    @Nullable TlsOptions tls() {
        return tls;
    }
}
