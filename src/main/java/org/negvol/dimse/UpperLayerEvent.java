package org.negvol.dimse;

/** The events that move an association (rows of PS3.8 table 9-10). */
enum UpperLayerEvent {
    /** A-ASSOCIATE request (local user). */
    EVT1,
    /** Transport connection confirmed (local transport service). */
    EVT2,
    /** A-ASSOCIATE-AC PDU received. */
    EVT3,
    /** A-ASSOCIATE-RJ PDU received. */
    EVT4,
    /** Transport connection indication (local transport service). */
    EVT5,
    /** A-ASSOCIATE-RQ PDU received. */
    EVT6,
    /** A-ASSOCIATE response primitive: accept (local user). */
    EVT7,
    /** A-ASSOCIATE response primitive: reject (local user). */
    EVT8,
    /** P-DATA request primitive (local user). */
    EVT9,
    /** P-DATA-TF PDU received. */
    EVT10,
    /** A-RELEASE request primitive (local user). */
    EVT11,
    /** A-RELEASE-RQ PDU received. */
    EVT12,
    /** A-RELEASE-RP PDU received. */
    EVT13,
    /** A-RELEASE response primitive (local user). */
    EVT14,
    /** A-ABORT request primitive (local user). */
    EVT15,
    /** A-ABORT PDU received. */
    EVT16,
    /** Transport connection closed. */
    EVT17,
    /** ARTIM timer expired. */
    EVT18,
    /** Unrecognised or invalid PDU received. */
    EVT19
}
