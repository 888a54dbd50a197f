package org.negvol.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;

/**
 * Parts a file of the store, which negvol wrote itself, before the first byte of its data set.
 *
 * @param sopClassUid Media Storage SOP Class UID
 * @param sopInstanceUid Media Storage SOP Instance UID
 * @param syntax Transfer Syntax UID
 * @param sourceAeTitle Source Application Entity Title; empty in files of releases that wrote none
 */
record MetaSplit(
        String sopClassUid, String sopInstanceUid, TransferSyntax syntax, String sourceAeTitle) {

    private static final int PREFIX_END = 132;

    /** (0002,0000) UL of length 4: 8 bytes of header, 4 of value. */
    private static final int GROUP_LENGTH_END = PREFIX_END + 12;

    private static final int MOST_META_BYTES = 1 << 16;

    /** Reads the preamble and the meta information, and no byte more. */
    static MetaSplit read(InputStream file) throws IOException {
        byte[] start = file.readNBytes(GROUP_LENGTH_END);
        if (start.length < GROUP_LENGTH_END) {
            throw new DicomException("the file ends inside its meta information");
        }
        int length =
                ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getInt(GROUP_LENGTH_END - 4);
        if (length < 0 || length > MOST_META_BYTES) {
            throw new DicomException("the file has no meta information");
        }
        byte[] rest = file.readNBytes(length);
        try (DicomInputStream in =
                new DicomInputStream(
                        new SequenceInputStream(
                                new ByteArrayInputStream(start), new ByteArrayInputStream(rest)))) {
            Attributes meta = in.getFileMetaInformation();
            return new MetaSplit(
                    meta.getString(Tag.MediaStorageSOPClassUID, ""),
                    meta.getString(Tag.MediaStorageSOPInstanceUID, ""),
                    TransferSyntax.of(meta.getString(Tag.TransferSyntaxUID, "")),
                    meta.getString(Tag.SourceApplicationEntityTitle, "").strip());
        }
    }
}
