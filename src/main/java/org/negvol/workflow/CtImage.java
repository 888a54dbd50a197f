package org.negvol.workflow;

import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.report.SourceImage;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.SliceHeader;

/**
 * One image of a series that is to be processed.
 *
 * @param slice where it lies, and where its pixels are found
 * @param header its attributes without the pixels
 */
public record CtImage(SliceHeader slice, Attributes header) {

    /**
     * @param header attributes without the pixels
     * @param source where the reader of the series finds the pixels
     */
    public static CtImage of(Attributes header, String source) {
        return new CtImage(CtImageFile.header(header, source), header);
    }

    SourceImage asSource() {
        return new SourceImage(
                header.getString(Tag.SOPClassUID, ""), slice.sopInstanceUid(), header);
    }
}
