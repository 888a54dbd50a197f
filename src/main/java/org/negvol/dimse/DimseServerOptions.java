package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * How a {@link DimseServer} listens.
 *
 * @param aeTitle this AE's own title, for names of threads and logs; who may call it by which title
 *     is {@link AccessControl}'s decision
 * @param bindAddress the address to listen on, null for all
 * @param port TCP port, 0 for any free one
 * @param maxAssociations more are rejected with "local limit exceeded"
 * @param maxPduLength longest P-DATA-TF value offered to requestors, bytes
 * @param maxDatasetBytes a longer data set aborts its association
 * @param timeouts how long to wait
 * @param presentation which objects are taken
 * @param tls null for plain TCP
 */
public record DimseServerOptions(
        String aeTitle,
        @Nullable InetAddress bindAddress,
        int port,
        int maxAssociations,
        int maxPduLength,
        long maxDatasetBytes,
        DimseTimeouts timeouts,
        PresentationPolicy presentation,
        @Nullable TlsOptions tls) {

    /** Offered P-DATA-TF length unless set otherwise, bytes. */
    public static final int DEFAULT_MAX_PDU_LENGTH = 256 * 1024;

    /** Associations at a time unless set otherwise. */
    public static final int DEFAULT_MAX_ASSOCIATIONS = 100;

    /** Longest data set unless set otherwise: no real object is half as long, bytes. */
    public static final long DEFAULT_MAX_DATASET_BYTES = 32L << 30;

    private static final int LEAST_PDU_LENGTH = 4096;
    private static final int MOST_PDU_LENGTH = 16 << 20;

    public DimseServerOptions {
        AeTitles.requireValid(aeTitle);
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("Port " + port);
        }
        if (maxAssociations < 1) {
            throw new IllegalArgumentException(
                    "At most %d associations".formatted(maxAssociations));
        }
        requirePduLength(maxPduLength);
        if (maxDatasetBytes < 1) {
            throw new IllegalArgumentException("Data sets of %d bytes".formatted(maxDatasetBytes));
        }
    }

    static void requirePduLength(int length) {
        if (length < LEAST_PDU_LENGTH || length > MOST_PDU_LENGTH) {
            throw new IllegalArgumentException(
                    "PDU length %d is not within %d and %d"
                            .formatted(length, LEAST_PDU_LENGTH, MOST_PDU_LENGTH));
        }
    }

    /** All defaults, listening on all addresses. */
    public static DimseServerOptions of(String aeTitle, int port) {
        return new DimseServerOptions(
                aeTitle,
                null,
                port,
                DEFAULT_MAX_ASSOCIATIONS,
                DEFAULT_MAX_PDU_LENGTH,
                DEFAULT_MAX_DATASET_BYTES,
                DimseTimeouts.DEFAULT,
                PresentationPolicy.DEFAULT,
                null);
    }

    /** The same on one address. */
    public DimseServerOptions withBindAddress(@Nullable InetAddress value) {
        return new DimseServerOptions(
                aeTitle,
                value,
                port,
                maxAssociations,
                maxPduLength,
                maxDatasetBytes,
                timeouts,
                presentation,
                tls);
    }

    /** The same with another limit of associations. */
    public DimseServerOptions withMaxAssociations(int value) {
        return new DimseServerOptions(
                aeTitle,
                bindAddress,
                port,
                value,
                maxPduLength,
                maxDatasetBytes,
                timeouts,
                presentation,
                tls);
    }

    /** The same with another offered PDU length, bytes. */
    public DimseServerOptions withMaxPduLength(int value) {
        return new DimseServerOptions(
                aeTitle,
                bindAddress,
                port,
                maxAssociations,
                value,
                maxDatasetBytes,
                timeouts,
                presentation,
                tls);
    }

    /** The same with another limit of data sets, bytes. */
    public DimseServerOptions withMaxDatasetBytes(long value) {
        return new DimseServerOptions(
                aeTitle,
                bindAddress,
                port,
                maxAssociations,
                maxPduLength,
                value,
                timeouts,
                presentation,
                tls);
    }

    /** The same with other time-outs. */
    public DimseServerOptions withTimeouts(DimseTimeouts value) {
        return new DimseServerOptions(
                aeTitle,
                bindAddress,
                port,
                maxAssociations,
                maxPduLength,
                maxDatasetBytes,
                value,
                presentation,
                tls);
    }

    /** The same taking other objects. */
    public DimseServerOptions withPresentation(PresentationPolicy value) {
        return new DimseServerOptions(
                aeTitle,
                bindAddress,
                port,
                maxAssociations,
                maxPduLength,
                maxDatasetBytes,
                timeouts,
                value,
                tls);
    }

    /** The same over TLS. */
    public DimseServerOptions withTls(@Nullable TlsOptions value) {
        return new DimseServerOptions(
                aeTitle,
                bindAddress,
                port,
                maxAssociations,
                maxPduLength,
                maxDatasetBytes,
                timeouts,
                presentation,
                value);
    }
}
