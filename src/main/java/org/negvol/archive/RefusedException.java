package org.negvol.archive;

import org.jspecify.annotations.Nullable;

/** An instance was not stored. The message is one sentence, without anything of the patient. */
public final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Reason {
        /**
         * The data set is another instance than the one announced, or its series another study's.
         */
        DOES_NOT_MATCH,
        /** The data set is none, or lacks what identifies it. */
        NOT_UNDERSTOOD,
        /** No room on the disk, or it cannot be written. */
        NO_SPACE,
        /** The database does not answer. */
        UNAVAILABLE
    }

    private final Reason reason;

    RefusedException(Reason reason, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
