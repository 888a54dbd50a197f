package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

/**
 * Status of a DIMSE response (PS3.7 annex C, PS3.4 for the service classes).
 *
 * @param code Status (0000,0900), 0 to FFFF
 * @param errorComment Error Comment (0000,0902), at most 64 characters on the wire
 */
public record DimseStatus(int code, @Nullable String errorComment) {

    /** Done. */
    public static final DimseStatus SUCCESS = new DimseStatus(0x0000, null);

    /** More responses follow. */
    public static final DimseStatus PENDING = new DimseStatus(0xFF00, null);

    /** More responses follow; some optional keys were not supported. */
    public static final DimseStatus PENDING_WARNING = new DimseStatus(0xFF01, null);

    /** Ended by C-CANCEL. */
    public static final DimseStatus CANCEL = new DimseStatus(0xFE00, null);

    /** Processing failure. */
    public static final DimseStatus PROCESSING_FAILURE = new DimseStatus(0x0110, null);

    /** There is no such instance (N-services). */
    public static final DimseStatus NO_SUCH_OBJECT_INSTANCE = new DimseStatus(0x0112, null);

    /** There is one of this UID already (N-CREATE). */
    public static final DimseStatus DUPLICATE_SOP_INSTANCE = new DimseStatus(0x0111, null);

    /** There is no such event type. */
    public static final DimseStatus NO_SUCH_EVENT_TYPE = new DimseStatus(0x0113, null);

    /** There is no such action type. */
    public static final DimseStatus NO_SUCH_ACTION = new DimseStatus(0x0123, null);

    /** An argument is out of range or of the wrong type. */
    public static final DimseStatus INVALID_ARGUMENT_VALUE = new DimseStatus(0x0115, null);

    /** An attribute has a value that it may not have. */
    public static final DimseStatus INVALID_ATTRIBUTE_VALUE = new DimseStatus(0x0106, null);

    /** There is no such SOP class here (N-services). */
    public static final DimseStatus NO_SUCH_SOP_CLASS = new DimseStatus(0x0118, null);

    /** The Message ID is in use. */
    public static final DimseStatus DUPLICATE_INVOCATION = new DimseStatus(0x0210, null);

    /** The SOP Instance UID is none or is not allowed. */
    public static final DimseStatus INVALID_SOP_INSTANCE = new DimseStatus(0x0117, null);

    /** An attribute that is needed is missing. */
    public static final DimseStatus MISSING_ATTRIBUTE = new DimseStatus(0x0120, null);

    /** The SOP class is not supported here, or not in this presentation context. */
    public static final DimseStatus SOP_CLASS_NOT_SUPPORTED = new DimseStatus(0x0122, null);

    /** This AE may not do that. */
    public static final DimseStatus NOT_AUTHORIZED = new DimseStatus(0x0124, null);

    /** The operation is not one that this AE performs. */
    public static final DimseStatus UNRECOGNIZED_OPERATION = new DimseStatus(0x0211, null);

    /** C-STORE, C-FIND: no room. The requestor may try again later. */
    public static final DimseStatus OUT_OF_RESOURCES = new DimseStatus(0xA700, null);

    /** C-MOVE: the number of matches cannot be told. */
    public static final DimseStatus UNABLE_TO_CALCULATE_MATCHES = new DimseStatus(0xA701, null);

    /** C-MOVE, C-GET: sub-operations cannot be performed. */
    public static final DimseStatus UNABLE_TO_PERFORM_SUBOPERATIONS = new DimseStatus(0xA702, null);

    /** C-MOVE: the destination is not known. */
    public static final DimseStatus MOVE_DESTINATION_UNKNOWN = new DimseStatus(0xA801, null);

    /** C-STORE, C-FIND: the data set does not match the SOP class. */
    public static final DimseStatus DATASET_DOES_NOT_MATCH = new DimseStatus(0xA900, null);

    /** C-MOVE, C-GET: done, but some sub-operations failed or warned. */
    public static final DimseStatus SUBOPERATIONS_WITH_FAILURES = new DimseStatus(0xB000, null);

    /** C-STORE: the data set cannot be understood; C-FIND, C-MOVE: unable to process. */
    public static final DimseStatus CANNOT_UNDERSTAND = new DimseStatus(0xC000, null);

    /** Longest Error Comment (VR LO), characters. */
    private static final int MAX_COMMENT = 64;

    public DimseStatus {
        if (code < 0 || code > 0xffff) {
            throw new IllegalArgumentException("Status %X is not 16 bits".formatted(code));
        }
        if (errorComment != null && errorComment.length() > MAX_COMMENT) {
            errorComment = errorComment.substring(0, MAX_COMMENT);
        }
    }

    /** The same status with a comment for the person who reads the peer's log. */
    public DimseStatus withComment(String comment) {
        return new DimseStatus(code, comment);
    }

    /** 0000. */
    public boolean isSuccess() {
        return code == 0;
    }

    /** FF00 and FF01. */
    public boolean isPending() {
        return code == 0xFF00 || code == 0xFF01;
    }

    /** FE00. */
    public boolean isCancel() {
        return code == 0xFE00;
    }

    /** 0001, 0107, 0116 and Bxxx: done, with a reservation. */
    public boolean isWarning() {
        return code == 0x0001 || code == 0x0107 || code == 0x0116 || (code & 0xF000) == 0xB000;
    }

    /** Neither done, nor warned, nor pending, nor cancelled. */
    public boolean isFailure() {
        return !isSuccess() && !isWarning() && !isPending() && !isCancel();
    }

    /** Four hexadecimal digits and the comment. */
    @Override
    public String toString() {
        return "%04X%s".formatted(code, errorComment == null ? "" : " (" + errorComment + ")");
    }
}
