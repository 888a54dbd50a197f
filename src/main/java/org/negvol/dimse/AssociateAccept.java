package org.negvol.dimse;

import java.util.List;

/**
 * A-ASSOCIATE-AC (PS3.8 9.3.3).
 *
 * @param protocolVersion bit 0 is version 1
 * @param calledAet the called AE title of the request, sent back untested
 * @param callingAet the calling AE title of the request, sent back untested
 * @param applicationContext 1.2.840.10008.3.1.1.1 in DICOM
 * @param presentationContexts one answer for each proposal
 * @param user user information
 */
public record AssociateAccept(
        int protocolVersion,
        String calledAet,
        String callingAet,
        String applicationContext,
        List<PresentationContextResult> presentationContexts,
        UserInformation user)
        implements Pdu {
    public AssociateAccept {
        presentationContexts = List.copyOf(presentationContexts);
    }
}
