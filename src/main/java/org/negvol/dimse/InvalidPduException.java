package org.negvol.dimse;

import java.io.IOException;

/** A PDU that breaks PS3.8; {@link #reason()} is what the A-ABORT says of it. */
final class InvalidPduException extends IOException {
    private static final long serialVersionUID = 1;

    private final int reason;

    InvalidPduException(int reason, String message) {
        super(message);
        this.reason = reason;
    }

    static InvalidPduException parameter(String message) {
        return new InvalidPduException(Abort.INVALID_PARAMETER_VALUE, message);
    }

    int reason() {
        return reason;
    }
}
