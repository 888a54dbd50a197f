package org.negvol.dimse;

/** The states of an association (PS3.8 tables 9-1 to 9-5). */
enum UpperLayerState {
    /** Idle. */
    STA1,
    /** Transport connection open, awaiting the A-ASSOCIATE-RQ PDU. */
    STA2,
    /** Awaiting the local A-ASSOCIATE response primitive. */
    STA3,
    /** Awaiting the transport connection to be opened. */
    STA4,
    /** Awaiting the A-ASSOCIATE-AC or A-ASSOCIATE-RJ PDU. */
    STA5,
    /** Association established, ready for data transfer. */
    STA6,
    /** Awaiting the A-RELEASE-RP PDU. */
    STA7,
    /** Awaiting the local A-RELEASE response primitive. */
    STA8,
    /** Release collision, requestor's side: awaiting the A-RELEASE response primitive. */
    STA9,
    /** Release collision, acceptor's side: awaiting the A-RELEASE-RP PDU. */
    STA10,
    /** Release collision, requestor's side: awaiting the A-RELEASE-RP PDU. */
    STA11,
    /** Release collision, acceptor's side: awaiting the A-RELEASE response primitive. */
    STA12,
    /** Association over, awaiting the transport connection to be closed. */
    STA13
}
