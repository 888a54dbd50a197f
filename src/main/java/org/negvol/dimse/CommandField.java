package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

/** The DIMSE operations by their request's Command Field (PS3.7 table E.1-1). */
public enum CommandField {
    C_STORE(0x0001),
    C_GET(0x0010),
    C_FIND(0x0020),
    C_MOVE(0x0021),
    C_ECHO(0x0030),
    N_EVENT_REPORT(0x0100),
    N_GET(0x0110),
    N_SET(0x0120),
    N_ACTION(0x0130),
    N_CREATE(0x0140),
    N_DELETE(0x0150),
    C_CANCEL(0x0FFF);

    /** Set in the Command Field of responses. */
    static final int RESPONSE = 0x8000;

    private final int code;

    CommandField(int code) {
        this.code = code;
    }

    /** The Command Field of the request. */
    public int code() {
        return code;
    }

    /** The operation of a request's or response's Command Field, null if it is none. */
    static @Nullable CommandField of(int code) {
        for (CommandField field : values()) {
            if (field.code == (code & ~RESPONSE)) {
                return field;
            }
        }
        return null;
    }
}
