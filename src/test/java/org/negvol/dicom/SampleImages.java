package org.negvol.dicom;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** CT images that make decoders err: odd sizes, both signs, noise beside flat air, few bits. */
final class SampleImages {

    /** Odd, so that rows do not end where words do. */
    static final int ROWS = 61;

    static final int COLUMNS = 47;

    private SampleImages() {}

    /**
     * An image.
     *
     * @param stored Bits Stored; 8 allocated up to 8, else 16
     * @param seed of the noise
     */
    static Attributes image(int stored, boolean signed, int frames, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int allocated = stored <= 8 ? 8 : 16;
        int pixels = ROWS * COLUMNS;
        byte[] bytes = new byte[(frames * pixels * allocated / 8 + 1) & ~1];
        int least = signed ? -(1 << (stored - 1)) : 0;
        int most = least + (1 << stored) - 1;
        for (int i = 0; i < frames * pixels; i++) {
            int x = i % COLUMNS;
            int y = i % pixels / COLUMNS;
            double r = Math.hypot(x - COLUMNS / 2.0, y - ROWS / 2.0);
            double v;
            if (r > 25) {
                v = least;
            } else if (r > 21) {
                v = most;
            } else {
                double smooth = 0.5 + 0.3 * Math.sin(x / 7.0 + i / pixels) * Math.cos(y / 9.0);
                v = least + (most - least) * smooth + random.nextGaussian() * (most - least) / 60;
            }
            int value = (int) Math.max(least, Math.min(most, Math.round(v)));
            // The bits beyond those stored repeat the sign, as scanners write them.
            if (allocated == 8) {
                bytes[i] = (byte) value;
            } else {
                bytes[2 * i] = (byte) value;
                bytes[2 * i + 1] = (byte) (value >> 8);
            }
        }
        Attributes ds =
                new Attributes()
                        .setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage)
                        .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3")
                        .setString(Tag.StudyDate, VR.DA, "20250101")
                        .setString(Tag.Modality, VR.CS, "CT")
                        .setString(Tag.PatientID, VR.LO, "SAMPLE")
                        .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3.4")
                        .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4.5")
                        .setInt(Tag.SamplesPerPixel, VR.US, 1)
                        .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                        .setInt(Tag.Rows, VR.US, ROWS)
                        .setInt(Tag.Columns, VR.US, COLUMNS)
                        .setInt(Tag.BitsAllocated, VR.US, allocated)
                        .setInt(Tag.BitsStored, VR.US, stored)
                        .setInt(Tag.HighBit, VR.US, stored - 1)
                        .setInt(Tag.PixelRepresentation, VR.US, signed ? 1 : 0)
                        .setBytes(Tag.PixelData, allocated == 8 ? VR.OB : VR.OW, bytes);
        if (frames > 1) {
            ds.setString(
                    Tag.SOPClassUID,
                    VR.UI,
                    UID.MultiFrameGrayscaleWordSecondaryCaptureImageStorage);
            ds.setInt(Tag.NumberOfFrames, VR.IS, frames);
        }
        return ds;
    }

    static Path write(Attributes ds, Path file) throws IOException {
        return write(ds, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, file);
    }

    static Path write(Attributes ds, TransferSyntax syntax, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                DicomOutputStream dicom = new DicomOutputStream(out)) {
            dicom.writeFile(FileMeta.of(ds, syntax), ds);
        }
        return file;
    }

    static Attributes read(Path file) throws IOException {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return in.readDataset();
        }
    }

    /** The samples of native little endian pixel data, with nothing of our decoders between. */
    static short[] nativeSamples(Attributes ds, int frame) {
        byte[] bytes = ds.getBytes(Tag.PixelData);
        int pixels = ds.getInt(Tag.Rows, 0) * ds.getInt(Tag.Columns, 0);
        boolean wide = ds.getInt(Tag.BitsAllocated, 0) == 16;
        boolean signed = ds.getInt(Tag.PixelRepresentation, 0) == 1;
        short[] out = new short[pixels];
        for (int i = 0; i < pixels; i++) {
            int at = frame * pixels + i;
            out[i] =
                    (short)
                            (wide
                                    ? (bytes[2 * at] & 0xFF) | (bytes[2 * at + 1] << 8)
                                    : signed ? bytes[at] : bytes[at] & 0xFF);
        }
        return out;
    }
}
