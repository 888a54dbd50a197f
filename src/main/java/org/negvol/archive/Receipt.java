package org.negvol.archive;

import java.util.concurrent.CompletableFuture;
import org.negvol.dicom.Attributes;

/**
 * An instance is safe.
 *
 * @param kind how it was taken; known when the index has it
 * @param studyInstanceUid its study
 * @param seriesInstanceUid its series
 * @param seriesId key of the series in the index
 * @param header its attributes up to the pixels
 * @param objectKey what {@link Archive#open} takes
 * @param sizeBytes length of the stored file
 */
public record Receipt(
        CompletableFuture<Kind> kind,
        String studyInstanceUid,
        String seriesInstanceUid,
        long seriesId,
        Attributes header,
        String objectKey,
        long sizeBytes) {

    /** How an instance was taken. */
    public enum Kind {
        /** It was new. */
        STORED,
        /** The same content was there; it is kept once. */
        DUPLICATE,
        /** Another content of this SOP Instance UID was there; both are kept, apart. */
        CONFLICT
    }
}
