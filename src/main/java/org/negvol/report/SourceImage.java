package org.negvol.report;

import org.negvol.dicom.Attributes;

/**
 * One image, or one frame of a multi-frame one, the results were computed from.
 *
 * @param sopClassUid SOP Class UID (0008,0016)
 * @param sopInstanceUid SOP Instance UID (0008,0018)
 * @param frame number of the frame, from 1; 0 for an image that has no frames
 * @param header its attributes without the pixels
 */
public record SourceImage(String sopClassUid, String sopInstanceUid, int frame, Attributes header) {

    public SourceImage {
        if (sopClassUid.isEmpty() || sopInstanceUid.isEmpty()) {
            throw new IllegalArgumentException(
                    "a source image needs its SOP class and instance UID, got '%s' and '%s'"
                            .formatted(sopClassUid, sopInstanceUid));
        }
    }
}
