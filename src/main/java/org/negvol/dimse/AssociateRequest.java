package org.negvol.dimse;

import java.util.List;

/**
 * A-ASSOCIATE-RQ (PS3.8 9.3.2): who calls whom, and for what.
 *
 * @param protocolVersion bit 0 is version 1, the only one there is
 * @param calledAet called AE title, without padding
 * @param callingAet calling AE title, without padding
 * @param applicationContext 1.2.840.10008.3.1.1.1 in DICOM
 * @param presentationContexts the proposals, at most 128, each id once
 * @param user user information
 */
public record AssociateRequest(
        int protocolVersion,
        String calledAet,
        String callingAet,
        String applicationContext,
        List<PresentationContext> presentationContexts,
        UserInformation user)
        implements Pdu {

    /** The DICOM application context (PS3.7 annex A.2.1). */
    public static final String DICOM_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

    public AssociateRequest {
        presentationContexts = List.copyOf(presentationContexts);
    }
}
