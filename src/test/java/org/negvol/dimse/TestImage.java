package org.negvol.dimse;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** A small CT image, in memory and as a file. */
public final class TestImage {

    private static final int SIZE = 64;

    private TestImage() {}

    /**
     * The image.
     *
     * @param bits 8 or 16 bits allocated
     */
    static Attributes dataset(String instance, int bits) {
        byte[] pixels = new byte[SIZE * SIZE * bits / 8];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (bits == 16 && i % 2 == 1 ? (i / 512) & 0x0f : i * 7);
        }
        return new Attributes()
                .setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage)
                .setString(Tag.SOPInstanceUID, VR.UI, instance)
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.PatientName, VR.PN, "Test^Image")
                .setString(Tag.PatientID, VR.LO, "T1")
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3.4")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4.5")
                .setInt(Tag.SamplesPerPixel, VR.US, 1)
                .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                .setInt(Tag.Rows, VR.US, SIZE)
                .setInt(Tag.Columns, VR.US, SIZE)
                .setInt(Tag.BitsAllocated, VR.US, bits)
                .setInt(Tag.BitsStored, VR.US, bits == 16 ? 12 : 8)
                .setInt(Tag.HighBit, VR.US, bits == 16 ? 11 : 7)
                .setInt(Tag.PixelRepresentation, VR.US, 0)
                .setBytes(Tag.PixelData, bits == 16 ? VR.OW : VR.OB, pixels);
    }

    /** Writes the image in explicit little endian. */
    public static Path write(Path file, String instance, int bits) throws IOException {
        Attributes dataset = dataset(instance, bits);
        try (OutputStream out = Files.newOutputStream(file);
                DicomOutputStream dicom = new DicomOutputStream(out)) {
            dicom.writeFile(
                    FileMeta.of(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), dataset);
        }
        return file;
    }

    /** A file read whole. */
    public record Read(String transferSyntax, Attributes dataset) {}

    public static Read read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DicomInputStream dicom = new DicomInputStream(in)) {
            return new Read(dicom.getTransferSyntax().uid(), dicom.readDataset());
        }
    }

    /** A data set as it came over the network, read whole. */
    static Attributes read(byte[] dataset, String transferSyntax) throws IOException {
        try (DicomInputStream dicom =
                new DicomInputStream(
                        new java.io.ByteArrayInputStream(dataset),
                        TransferSyntax.of(transferSyntax))) {
            return dicom.readDataset();
        }
    }

    /** What stands behind the file meta information of a file. */
    static byte[] encodedDataset(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        // (0002,0000) UL 4: the length of what follows it.
        int length =
                (bytes[140] & 0xff)
                        | (bytes[141] & 0xff) << 8
                        | (bytes[142] & 0xff) << 16
                        | (bytes[143] & 0xff) << 24;
        return java.util.Arrays.copyOfRange(bytes, 144 + length, bytes.length);
    }
}
