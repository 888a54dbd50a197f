package org.negvol.dimse;

import java.io.IOException;

/** Performs N-SET. */
@FunctionalInterface
public non-sealed interface NSetHandler extends DimseService {

    /**
     * Performs one request. Called on the association's own thread: the peer waits.
     *
     * @throws IOException if it cannot: the requestor gets 0110 (processing failure)
     */
    NResponse set(NRequest rq) throws IOException;
}
