package org.negvol.dimse;

import org.jspecify.annotations.Nullable;

/**
 * C-STORE-RQ (PS3.7 9.3.1.1).
 *
 * @param association by whom
 * @param messageId Message ID
 * @param sopClassUid Affected SOP Class UID
 * @param sopInstanceUid Affected SOP Instance UID
 * @param transferSyntaxUid the presentation context's transfer syntax
 * @param priority 0 medium, 1 high, 2 low
 * @param moveOriginatorAet who asked for the C-MOVE that this is part of, null if it is part of
 *     none
 * @param moveOriginatorMessageId Message ID of that C-MOVE, 0 if none
 */
public record StoreRequest(
        AssociationInfo association,
        int messageId,
        String sopClassUid,
        String sopInstanceUid,
        String transferSyntaxUid,
        int priority,
        @Nullable String moveOriginatorAet,
        int moveOriginatorMessageId) {}
