package org.negvol.report;

import org.negvol.dicom.Attributes;

/**
 * One image the results were computed from.
 *
 * @param sopClassUid SOP Class UID (0008,0016)
 * @param sopInstanceUid SOP Instance UID (0008,0018)
 * @param header its attributes without the pixels
 */
public record SourceImage(String sopClassUid, String sopInstanceUid, Attributes header) {

    public SourceImage {
        if (sopClassUid.isEmpty() || sopInstanceUid.isEmpty()) {
            throw new IllegalArgumentException(
                    "a source image needs its SOP class and instance UID, got '%s' and '%s'"
                            .formatted(sopClassUid, sopInstanceUid));
        }
    }
}
