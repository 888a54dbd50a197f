package org.negvol.dimse;

import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;

/**
 * What a normalized service answers.
 *
 * @param status the status
 * @param sopInstanceUid the instance that N-CREATE made, if the request named none
 * @param dataset attributes to return, null for none
 * @param afterwards what to do when the response has been sent, on a thread of its own; null for
 *     nothing
 */
public record NResponse(
        DimseStatus status,
        @Nullable String sopInstanceUid,
        @Nullable Attributes dataset,
        @Nullable Runnable afterwards) {

    /** A status alone. */
    public static NResponse of(DimseStatus status) {
        return new NResponse(status, null, null, null);
    }

    /** The same with something to do when it has been sent. */
    public NResponse withAfterwards(Runnable value) {
        return new NResponse(status, sopInstanceUid, dataset, value);
    }
}
