package org.negvol.archive;

import org.negvol.archive.RefusedException.Reason;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;

/**
 * Can the data set hold the image it describes? A sender that dies early leaves one that cannot.
 */
final class PixelLength {

    private PixelLength() {}

    /**
     * Compares the length of the data set with the pixels that rows, columns and frames promise
     * (PS3.5 section 8.1). Compressed data sets tell nothing by their length and pass.
     *
     * @throws RefusedException if bytes are missing
     */
    static void check(Attributes header, TransferSyntax syntax, long datasetBytes)
            throws RefusedException {
        if (syntax.encapsulated()
                || syntax.deflated()
                || !header.contains(Tag.BitsAllocated)
                || !"CT".equals(header.getString(Tag.Modality))) {
            return;
        }
        long pixels =
                (long) Math.max(0, header.getInt(Tag.Rows, 0))
                        * Math.max(0, header.getInt(Tag.Columns, 0))
                        * Math.max(1, header.getInt(Tag.SamplesPerPixel, 1))
                        * Math.max(1, header.getInt(Tag.NumberOfFrames, 1));
        long bytes = pixels * Math.max(0, header.getInt(Tag.BitsAllocated, 0)) / 8;
        if (datasetBytes < bytes) {
            throw new RefusedException(
                    Reason.NOT_UNDERSTOOD,
                    "The data set has %d bytes and its image alone needs %d."
                            .formatted(datasetBytes, bytes),
                    null);
        }
    }
}
