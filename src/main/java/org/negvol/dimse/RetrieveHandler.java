package org.negvol.dimse;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what C-MOVE and C-GET requests ask for (PS3.4 C.4.2, C.4.3). The sub-operations, their
 * progress and C-CANCEL are this layer's work.
 */
@FunctionalInterface
public non-sealed interface RetrieveHandler extends DimseService {

    /** What is to be done. */
    sealed interface Retrieval {}

    /**
     * Objects to send.
     *
     * @param objects in the order of sending
     * @param destination C-MOVE: where to; presentation contexts are added for the objects. Null
     *     for C-GET
     */
    record Send(List<StoredObject> objects, @Nullable AssociateOptions destination)
            implements Retrieval {
        public Send {
            objects = List.copyOf(objects);
        }
    }

    /** Nothing, for this reason. */
    record Refuse(DimseStatus status) implements Retrieval {}

    /**
     * Decides. Called on a virtual thread of its own.
     *
     * @param destination AE title of C-MOVE, null for C-GET
     * @throws IOException if it cannot: the requestor gets C000
     */
    Retrieval retrieve(QueryRequest rq, @Nullable String destination) throws IOException;
}
