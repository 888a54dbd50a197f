package org.negvol.dimse;

import org.negvol.dicom.Attributes;

/**
 * A request of a normalized service (PS3.7 section 10).
 *
 * @param association over which it came, for event reports back; its operations wait for the peer,
 *     so they are to be invoked in {@link NResponse#afterwards} only
 * @param messageId Message ID
 * @param sopClassUid Affected or Requested SOP Class UID
 * @param sopInstanceUid Affected or Requested SOP Instance UID; for N-CREATE empty where the
 *     performer is to make one
 * @param type Action Type ID of N-ACTION, Event Type ID of N-EVENT-REPORT, else 0
 * @param dataset the data set of the request; empty if it has none
 */
public record NRequest(
        Association association,
        int messageId,
        String sopClassUid,
        String sopInstanceUid,
        int type,
        Attributes dataset) {}
