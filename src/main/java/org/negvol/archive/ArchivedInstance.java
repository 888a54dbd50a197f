package org.negvol.archive;

import org.negvol.dicom.Attributes;

/**
 * An instance of the index.
 *
 * @param sopClassUid SOP Class UID
 * @param sopInstanceUid SOP Instance UID
 * @param transferSyntaxUid how its file is encoded
 * @param objectKey what {@link Archive#open} takes
 * @param sizeBytes length of its file
 * @param header the elements that tell the geometry of an image; empty if it has none
 */
public record ArchivedInstance(
        String sopClassUid,
        String sopInstanceUid,
        String transferSyntaxUid,
        String objectKey,
        long sizeBytes,
        Attributes header) {}
