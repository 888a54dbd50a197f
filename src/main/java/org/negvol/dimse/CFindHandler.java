package org.negvol.dimse;

import java.io.IOException;
import org.negvol.dicom.Attributes;

/** Answers C-FIND requests (PS3.4 C.4.1). */
@FunctionalInterface
public non-sealed interface CFindHandler extends DimseService {

    /** Where matches go. */
    interface Matches {

        /**
         * Sends one match.
         *
         * @param allKeysSupported whether all optional keys of the request were matched and
         *     returned
         * @return whether more are wanted; not after C-CANCEL or the end of the association
         * @throws AssociationEndedException if nobody hears it any more
         */
        boolean send(Attributes match, boolean allKeysSupported) throws IOException;

        /** Whether the requestor has cancelled, or is gone. */
        boolean isCancelled();
    }

    /**
     * Answers one request. Called on a virtual thread of its own.
     *
     * @return the final status; where the requestor has cancelled it is FE00 whatever is returned
     * @throws IOException if it cannot be answered: the requestor gets C000
     */
    DimseStatus find(QueryRequest rq, Matches matches) throws IOException;
}
