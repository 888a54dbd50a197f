package org.negvol.dimse;

import java.io.IOException;

/** Takes the objects that a C-STORE SCU sends. */
@FunctionalInterface
public non-sealed interface CStoreHandler extends DimseService {

    /**
     * Takes one object. Called on a virtual thread, for one object of an association after the
     * other: the peer sends no faster than the handler reads. Where an asynchronous operations
     * window was granted, the next object begins once this one is read to its end, and the handler
     * is at work on several at a time. SOP class and instance UIDs are digits and dots, at most 64
     * characters, and the class is the presentation context's.
     *
     * @param rq what the command says
     * @param dataset the bytes of the data set as they came, in the transfer syntax of {@code rq};
     *     to be read before returning. What is left unread is read and dropped before the status is
     *     sent
     * @return the status for the requestor; success only for what may be deleted there
     * @throws AssociationEndedException as the stream throws it when the peer is gone: the object
     *     is incomplete and nobody waits for a status
     * @throws IOException for any other reason: the requestor gets A700 (out of resources)
     */
    DimseStatus store(StoreRequest rq, DatasetInputStream dataset) throws IOException;
}
