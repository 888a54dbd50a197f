package org.negvol.dimse;

/**
 * Protocol data units that control an association (PS3.8 9.3). P-DATA-TF is not among them: data
 * streams through {@link PduInput} and {@link PdvOutputStream} and is never held as a whole.
 */
sealed interface Pdu
        permits AssociateRequest,
                AssociateAccept,
                AssociateReject,
                Pdu.ReleaseRequest,
                Pdu.ReleaseResponse,
                Abort {

    /** PDU type of A-ASSOCIATE-RQ. */
    int ASSOCIATE_RQ = 1;

    /** PDU type of A-ASSOCIATE-AC. */
    int ASSOCIATE_AC = 2;

    /** PDU type of A-ASSOCIATE-RJ. */
    int ASSOCIATE_RJ = 3;

    /** PDU type of P-DATA-TF. */
    int DATA_TF = 4;

    /** PDU type of A-RELEASE-RQ. */
    int RELEASE_RQ = 5;

    /** PDU type of A-RELEASE-RP. */
    int RELEASE_RP = 6;

    /** PDU type of A-ABORT. */
    int ABORT = 7;

    /** Type and length: what comes before the value of every PDU, bytes. */
    int HEADER_LENGTH = 6;

    /** Item length, context id and message control header before every fragment, bytes. */
    int PDV_HEADER_LENGTH = 6;

    /** A-RELEASE-RQ (PS3.8 9.3.6). */
    record ReleaseRequest() implements Pdu {}

    /** A-RELEASE-RP (PS3.8 9.3.7). */
    record ReleaseResponse() implements Pdu {}
}
