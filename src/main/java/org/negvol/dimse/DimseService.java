package org.negvol.dimse;

/** A service this AE performs as SCP. C-ECHO needs none: it is always performed. */
public sealed interface DimseService
        permits CStoreHandler,
                CFindHandler,
                RetrieveHandler,
                NActionHandler,
                NEventReportHandler,
                NCreateHandler,
                NSetHandler {

    /**
     * Whether this handler takes requests on the SOP class. Of several handlers of one operation
     * the first that says yes gets the request.
     */
    default boolean serves(String sopClassUid) {
        return true;
    }
}
