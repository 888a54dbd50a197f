package org.negvol.dimse;

import java.io.IOException;

/** An operation with several responses, which goes on while the association is read. */
abstract class Operation {

    private volatile boolean cancelled;

    /** The requestor wants no more, or is gone. */
    void cancel() {
        cancelled = true;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Performs it and sends all responses.
     *
     * @return the final status sent
     * @throws IOException if a response cannot be sent
     */
    abstract DimseStatus run() throws IOException;
}
