package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of associations, for logs, metrics and the workflow. Called on the
 * association's own thread; a listener that throws harms nothing but its own work.
 */
public interface AssociationListener {

    /** Hears nothing. */
    AssociationListener NONE = new AssociationListener() {};

    /** An association was accepted. */
    default void opened(AssociationInfo association) {}

    /** An association was released in order; all its operations are done. */
    default void released(AssociationInfo association) {}

    /**
     * An association ended otherwise.
     *
     * @param why a sentence for the log, without patient data
     */
    default void aborted(AssociationInfo association, String why) {}

    /** An association request was rejected. */
    default void rejected(AssociateRequest request, Peer peer, AssociateReject answer) {}

    /**
     * A transport connection ended before there was an association: no request in time, bad PDUs,
     * no TLS, a port scan.
     *
     * @param peer null where even the address is not known any more
     * @param why a sentence for the log
     */
    default void failed(@Nullable Peer peer, String why) {}

    /**
     * An operation that the peer asked for is done and answered.
     *
     * @param sopClassUid Affected or Requested SOP Class UID, null if the request had none
     * @param sopInstanceUid Affected or Requested SOP Instance UID, null if the request had none
     * @param status the final status
     * @param bytes length of the data set received, encoded
     * @param nanos time from the request's command to the final response
     */
    default void performed(
            AssociationInfo association,
            CommandField operation,
            @Nullable String sopClassUid,
            @Nullable String sopInstanceUid,
            DimseStatus status,
            long bytes,
            long nanos) {}
}
