package org.negvol.dimse;

import java.util.List;

/**
 * SOP class common extended negotiation (PS3.7 D.3.3.6): the service class of a SOP class that the
 * acceptor may not know. It has no answer.
 *
 * @param sopClassUid the SOP class
 * @param serviceClassUid its service class
 * @param relatedGeneralSopClassUids SOP classes that it specialises
 */
public record CommonExtendedNegotiation(
        String sopClassUid, String serviceClassUid, List<String> relatedGeneralSopClassUids) {
    public CommonExtendedNegotiation {
        relatedGeneralSopClassUids = List.copyOf(relatedGeneralSopClassUids);
    }
}
