package org.negvol.report;

import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;

/**
 * A coded concept (PS3.3 section 8).
 *
 * @param value Code Value (0008,0100), at most 16 characters
 * @param scheme Coding Scheme Designator (0008,0102)
 * @param meaning Code Meaning (0008,0104), at most 64 characters
 */
record Code(String value, String scheme, String meaning) {

    Code {
        if (value.isEmpty()
                || value.length() > 16
                || scheme.isEmpty()
                || scheme.length() > 16
                || meaning.isEmpty()
                || meaning.length() > 64) {
            throw new IllegalArgumentException(
                    "(%s, %s, \"%s\"): value and scheme have 1 to 16 characters, the meaning 1 to 64"
                            .formatted(value, scheme, meaning));
        }
    }

    /** Appends this code as an item of a code sequence and returns the item. */
    Attributes addTo(Attributes dataset, int sequenceTag) {
        return dataset.newItem(sequenceTag)
                .setString(Tag.CodeValue, VR.SH, value)
                .setString(Tag.CodingSchemeDesignator, VR.SH, scheme)
                .setString(Tag.CodeMeaning, VR.LO, meaning);
    }
}
