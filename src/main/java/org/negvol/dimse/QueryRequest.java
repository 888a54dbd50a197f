package org.negvol.dimse;

import org.negvol.dicom.Attributes;

/**
 * C-FIND-RQ, C-MOVE-RQ or C-GET-RQ (PS3.7 9.3.2 to 9.3.4).
 *
 * @param association by whom
 * @param messageId Message ID
 * @param sopClassUid Affected SOP Class UID: the information model
 * @param priority 0 medium, 1 high, 2 low
 * @param identifier what is asked for
 */
public record QueryRequest(
        AssociationInfo association,
        int messageId,
        String sopClassUid,
        int priority,
        Attributes identifier) {}
