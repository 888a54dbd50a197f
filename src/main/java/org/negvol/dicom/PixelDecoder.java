package org.negvol.dicom;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Decodes the pixel data of monochrome images of up to 16 bits a sample (PS3.3 C.7.6.3, PS3.5
 * section 8).
 *
 * <p>Native in either byte order, RLE Lossless, JPEG baseline and extended (sequential), JPEG
 * Lossless (process 14, with selection value 1 and others), JPEG-LS lossless and near-lossless,
 * JPEG 2000 reversible and irreversible. Memory is taken only after the data have shown that they
 * are long enough for the size they claim. Stateless, so that any number of threads may decode at
 * once.
 */
public final class PixelDecoder {

    private PixelDecoder() {}

    /** Whether images in a transfer syntax can be decoded. */
    public static boolean isSupported(TransferSyntax syntax) {
        if (!syntax.encapsulated()) {
            return !syntax.uid().startsWith(UID.JPIPReferenced);
        }
        return switch (syntax.uid()) {
            case UID.RLELossless,
                    UID.JPEGBaseline8Bit,
                    UID.JPEGExtended12Bit,
                    UID.JPEGLossless,
                    UID.JPEGLosslessSV1,
                    UID.JPEGLSLossless,
                    UID.JPEGLSNearLossless,
                    UID.JPEG2000Lossless,
                    UID.JPEG2000 ->
                    true;
            default -> false;
        };
    }

    /** Decodes the first frame of a file. */
    public static PixelFrame decode(Path file) throws IOException {
        try (DicomInputStream in =
                new DicomInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            Attributes ds = in.readDataset();
            return decode(ds, in.getTransferSyntax());
        }
    }

    /** Decodes the first frame. */
    public static PixelFrame decode(Attributes image, TransferSyntax syntax) throws DicomException {
        return decode(image, syntax, 0);
    }

    /**
     * Decodes one frame.
     *
     * @param syntax the transfer syntax in which the image was read
     * @param frame from 0
     * @throws DicomException if the image is none of the kinds above, or its data are damaged
     * @throws IndexOutOfBoundsException if the image has no such frame
     */
    public static PixelFrame decode(Attributes image, TransferSyntax syntax, int frame)
            throws DicomException {
        int rows = image.getInt(Tag.Rows, 0);
        int columns = image.getInt(Tag.Columns, 0);
        int allocated = image.getInt(Tag.BitsAllocated, 0);
        int stored = image.getInt(Tag.BitsStored, allocated);
        int high = image.getInt(Tag.HighBit, stored - 1);
        boolean signed = image.getInt(Tag.PixelRepresentation, 0) == 1;
        int frames = Math.max(1, image.getInt(Tag.NumberOfFrames, 1));
        if (rows < 1 || columns < 1 || (long) rows * columns > Integer.MAX_VALUE / 2) {
            throw new DicomException(Tag.Rows, "image of %d × %d pixels".formatted(columns, rows));
        }
        if (image.getInt(Tag.SamplesPerPixel, 1) != 1) {
            throw new DicomException(Tag.SamplesPerPixel, "not a monochrome image");
        }
        if ((allocated != 8 && allocated != 16)
                || stored < 1
                || stored > allocated
                || high < stored - 1
                || high >= allocated) {
            throw new DicomException(
                    Tag.BitsAllocated,
                    "%d bits of %d with high bit %d".formatted(stored, allocated, high));
        }
        if (frame < 0 || frame >= frames) {
            throw new IndexOutOfBoundsException("frame %d of %d".formatted(frame, frames));
        }
        List<byte[]> fragments = image.getFragments(Tag.PixelData);
        short[] values;
        int shift = 0;
        if (fragments == null) {
            values = unpacked(image, rows * columns, allocated, frame);
            shift = high + 1 - stored;
        } else {
            byte[] data = frameOf(image, fragments, frame, frames);
            values =
                    switch (syntax.uid()) {
                        case UID.RLELossless -> {
                            shift = high + 1 - stored;
                            yield RleDecoder.decode(data, rows * columns, allocated / 8);
                        }
                        case UID.JPEGLossless, UID.JPEGLosslessSV1 ->
                                JpegLosslessDecoder.decode(data, rows, columns);
                        case UID.JPEGBaseline8Bit, UID.JPEGExtended12Bit ->
                                JpegDctDecoder.decode(data, rows, columns);
                        case UID.JPEGLSLossless, UID.JPEGLSNearLossless ->
                                JpegLsDecoder.decode(data, rows, columns);
                        case UID.JPEG2000Lossless, UID.JPEG2000 ->
                                Jpeg2000Decoder.decode(data, rows, columns, stored);
                        default ->
                                throw new DicomException(
                                        "no decoder for transfer syntax " + syntax.uid());
                    };
        }
        cut(values, values.length, shift, stored, signed);
        return new PixelFrame(rows, columns, signed, values);
    }

    /**
     * Reads some rows of the first frame of an image whose pixel data are not compressed, and none
     * of the others.
     *
     * @param in where {@link DicomInputStream#readDatasetUntil} stopped at the pixel data; rows may
     *     be asked for in rising order
     * @param image the attributes before the pixel data
     * @param row the first row
     * @param values gets the stored values, row by row, as in {@link PixelFrame}
     * @param rows how many rows
     * @return false, and nothing was read, if the image is compressed or of another kind; {@link
     *     #decode} may still know it
     */
    public static boolean readRows(
            DicomInputStream in, Attributes image, int row, short[] values, int rows)
            throws IOException {
        int columns = image.getInt(Tag.Columns, 0);
        if (!isInWords(image)
                || !in.readWords(Tag.PixelData, (long) row * columns, values, rows * columns)) {
            return false;
        }
        cutWords(image, values, rows * columns);
        return true;
    }

    /** Whether native pixels are words of 16 bits, one each. */
    static boolean isInWords(Attributes image) {
        int stored = image.getInt(Tag.BitsStored, 16);
        int high = image.getInt(Tag.HighBit, stored - 1);
        return image.getInt(Tag.BitsAllocated, 0) == 16
                && image.getInt(Tag.SamplesPerPixel, 1) == 1
                && stored >= 1
                && high >= stored - 1
                && high <= 15
                && image.getInt(Tag.Columns, 0) >= 1;
    }

    /** Makes words that are pixels stored values. */
    static void cutWords(Attributes image, short[] values, int n) {
        int stored = image.getInt(Tag.BitsStored, 16);
        int high = image.getInt(Tag.HighBit, stored - 1);
        cut(values, n, high + 1 - stored, stored, image.getInt(Tag.PixelRepresentation, 0) == 1);
    }

    /** Native pixel data hold all frames one behind the other. */
    private static short[] unpacked(Attributes image, int pixels, int allocated, int frame)
            throws DicomException {
        byte[] data = image.getBytes(Tag.PixelData);
        if (data == null) {
            throw new DicomException(Tag.PixelData, "the object has no pixel data");
        }
        int width = allocated / 8;
        long from = (long) frame * pixels * width;
        if (from + (long) pixels * width > data.length) {
            throw new DicomException(
                    Tag.PixelData,
                    "%d bytes are too short for frame %d of %d pixels"
                            .formatted(data.length, frame + 1, pixels));
        }
        short[] out = new short[pixels];
        int at = (int) from;
        if (width == 1) {
            for (int i = 0; i < pixels; i++) {
                out[i] = (short) (data[at + i] & 0xFF);
            }
        } else {
            for (int i = 0; i < pixels; i++, at += 2) {
                out[i] = (short) ((data[at] & 0xFF) | (data[at + 1] << 8));
            }
        }
        return out;
    }

    /** Leaves the bits that are stored (the others may hold overlays), and widens the sign. */
    private static void cut(short[] values, int n, int shift, int stored, boolean signed) {
        if (shift == 0 && stored == 16) {
            return;
        }
        if (shift > 0) {
            for (int i = 0; i < n; i++) {
                values[i] = (short) ((values[i] & 0xFFFF) >>> shift);
            }
        }
        // Without shifts, so that the compiler can take many values at once.
        short mask = (short) ((1 << stored) - 1);
        short sign = (short) (signed ? 1 << (stored - 1) : 0);
        for (int i = 0; i < n; i++) {
            values[i] = (short) (((values[i] & mask) ^ sign) - sign);
        }
    }

    /** The compressed bytes of a frame, put together from its fragments (PS3.5 A.4). */
    private static byte[] frameOf(Attributes image, List<byte[]> parts, int frame, int frames)
            throws DicomException {
        if (parts.size() < 2) {
            throw new DicomException(Tag.PixelData, "encapsulated pixel data without a fragment");
        }
        List<byte[]> fragments = parts.subList(1, parts.size());
        FrameFragments.Range range =
                new FrameFragments(
                                frames,
                                fragments.stream().mapToInt(f -> f.length).toArray(),
                                k -> FrameFragments.startsImage(fragments.get(k)),
                                FrameFragments.offsets(image, frames, parts.getFirst()))
                        .of(frame);
        return join(fragments.subList(range.from(), range.end()));
    }

    private static byte[] join(List<byte[]> fragments) throws DicomException {
        if (fragments.size() == 1) {
            return fragments.getFirst();
        }
        long length = 0;
        for (byte[] f : fragments) {
            length += f.length;
        }
        if (length > Integer.MAX_VALUE - 8) {
            throw new DicomException(Tag.PixelData, "frame of %d bytes".formatted(length));
        }
        byte[] all = new byte[(int) length];
        int at = 0;
        for (byte[] f : fragments) {
            System.arraycopy(f, 0, all, at, f.length);
            at += f.length;
        }
        return all;
    }
}
