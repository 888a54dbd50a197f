package org.negvol.dimse;

import java.io.IOException;

/** Performs N-CREATE. */
@FunctionalInterface
public non-sealed interface NCreateHandler extends DimseService {

    /**
     * Performs one request. Called on the association's own thread: the peer waits.
     *
     * @throws IOException if it cannot: the requestor gets 0110 (processing failure)
     */
    NResponse create(NRequest rq) throws IOException;
}
