package org.negvol.dicom;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReaderSpi;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes one component of a JPEG 2000 image (ITU-T T.800), reversible or not, of up to 16 bits, by
 * the library of JAI Image I/O. What the image claims of its size is checked before the library
 * sees it.
 */
final class Jpeg2000Decoder {

    private static final int SIZ = 0xFF51;

    private static final int PPM = 0xFF60;
    private static final int PPT = 0xFF61;
    private static final int SOT = 0xFF90;
    private static final int SOD = 0xFF93;
    private static final int EOC = 0xFFD9;

    /** Markers FF30 to FF3F have no segment, and so no length (A.1.1). */
    private static final int ALONE = 0xFF3;

    /** Where the codestream may begin behind the boxes of a JP2 file, which some writers leave. */
    private static final int FARTHEST_START = 4096;

    private static final int SIZ_BYTES = 43;

    /** Offset of the first component's depth and sign in the segment. */
    private static final int COMPONENT = 38;

    private static final J2KImageReaderSpi SPI = new J2KImageReaderSpi();

    private Jpeg2000Decoder() {}

    /**
     * @param rows what the data set says, so that the image's own claim is not trusted
     * @param stored bits stored: some writers encode more
     * @return the samples row by row, each in the low bits
     * @throws DicomException if the data are no such image, or one of another size
     */
    static short[] decode(byte[] data, int rows, int columns, int stored) throws DicomException {
        int siz = codestream(data);
        requireSize(data, siz, rows, columns);
        requireStuffing(data, siz - 2);
        int bits = Math.min(stored, (data[siz + COMPONENT] & 0x7F) + 1);
        boolean signed = (data[siz + COMPONENT] & 0x80) != 0;
        int least = signed ? -(1 << (bits - 1)) : 0;
        try {
            return read(data, rows, columns, least, least + (1 << bits) - 1);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            // The library reports damage by exceptions of many kinds, plain errors among them.
            throw new DicomException("the JPEG 2000 image is damaged: " + e, e);
        }
    }

    private static short[] read(byte[] data, int rows, int columns, int least, int most)
            throws IOException {
        ImageReader reader = SPI.createReaderInstance(null);
        try (MemoryCacheImageInputStream in = new Source(data)) {
            reader.setInput(in, true, true);
            Raster raster = reader.readRaster(0, null);
            if (raster.getWidth() != columns || raster.getHeight() != rows) {
                throw new DicomException("the JPEG 2000 image has another size than it says");
            }
            short[] out = new short[rows * columns];
            int[] row = new int[columns];
            for (int y = 0; y < rows; y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, columns, 1, 0, row);
                for (int x = 0; x < columns; x++) {
                    // Rounding may carry irreversible samples beyond their range.
                    out[y * columns + x] = (short) Math.clamp(row[x], least, most);
                }
            }
            return out;
        } finally {
            reader.dispose();
        }
    }

    /**
     * The library takes the end of the data for ones and may count them for ever: it is stopped. A
     * few steps over the end are allowed, since some writers leave the end marker out.
     */
    private static final class Source extends MemoryCacheImageInputStream {

        private static final int MOST_PAST_END = 64;

        private int pastEnd;

        Source(byte[] data) {
            super(new ByteArrayInputStream(data));
        }

        @Override
        public int read() throws IOException {
            return counted(super.read());
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            return counted(super.read(b, off, len));
        }

        private int counted(int read) {
            if (read < 0 && ++pastEnd > MOST_PAST_END) {
                // Not an IOException, which the library would handle in its own way.
                throw new IllegalStateException("it ends too early");
            }
            return read;
        }
    }

    private static int codestream(byte[] data) throws DicomException {
        for (int i = 0; i < FARTHEST_START && i + 4 + SIZ_BYTES <= data.length; i++) {
            if (int16(data, i) == 0xFF4F && int16(data, i + 2) == SIZ) {
                return i + 4;
            }
        }
        throw new DicomException("no JPEG 2000 image");
    }

    /** T.800 A.5.1. */
    private static void requireSize(byte[] data, int siz, int rows, int columns)
            throws DicomException {
        long width = int32(data, siz + 4) - int32(data, siz + 12);
        long height = int32(data, siz + 8) - int32(data, siz + 16);
        int components = int16(data, siz + 36);
        if (width != columns || height != rows || components != 1) {
            throw new DicomException(
                    "JPEG 2000 image of %d × %d in %d components in an object of %d × %d"
                            .formatted(width, height, components, columns, rows));
        }
        long left = int32(data, siz + 12) - int32(data, siz + 28);
        long top = int32(data, siz + 16) - int32(data, siz + 32);
        int subsampling = int16(data, siz + COMPONENT + 1);
        long tileWidth = int32(data, siz + 20);
        long tileHeight = int32(data, siz + 24);
        int bits = (data[siz + COMPONENT] & 0x7F) + 1;
        if (tileWidth < 1 || tileHeight < 1 || bits > 16 || subsampling != 0x0101) {
            throw new DicomException("JPEG 2000 image of %d bits".formatted(bits));
        }
        // B.3: the first tile holds the image's corner.
        if (left < 0 || left >= tileWidth || top < 0 || top >= tileHeight) {
            throw new DicomException("the tiles of the JPEG 2000 image lie beside it");
        }
        long tiles =
                ((left + width + tileWidth - 1) / tileWidth)
                        * ((top + height + tileHeight - 1) / tileHeight);
        // A tile has a header of 12 bytes at least, and no real image is squeezed a thousandfold.
        if (12 * tiles > data.length || (long) rows * columns > 1000L * data.length) {
            throw new DicomException("the JPEG 2000 image is shorter than its size allows");
        }
    }

    /**
     * Bits are stuffed so that no byte 0xFF is followed by one above 0x8F between the markers
     * (B.10.1 and D.6). The library reads a packet header with two bytes 0xFF for ever.
     *
     * @param start of the first marker segment
     */
    private static void requireStuffing(byte[] data, int start) throws DicomException {
        int i = start;
        int tileStart = -1;
        while (i + 4 <= data.length && int16(data, i) != EOC) {
            int marker = int16(data, i);
            if (marker == PPM || marker == PPT) {
                // The library does not notice their end.
                throw new DicomException("JPEG 2000 images with packed headers are not decoded");
            }
            if (marker == SOT) {
                tileStart = i;
            }
            if (marker >>> 8 != 0xFF) {
                throw new DicomException("the JPEG 2000 image is damaged: no marker");
            }
            if (marker != SOD) {
                i += 2 + (marker >>> 4 == ALONE ? 0 : int16(data, i + 2));
                continue;
            }
            if (tileStart < 0) {
                throw new DicomException("the JPEG 2000 image is damaged: data before a tile");
            }
            // A length of 0 is that of the last tile: up to the end of the image (A.4.2).
            long length = int32(data, tileStart + 6);
            long end = length == 0 ? data.length : Math.min(data.length, tileStart + length);
            for (i += 2; i < end; i++) {
                if (data[i - 1] == (byte) 0xFF && data[i] == (byte) 0xFF) {
                    throw new DicomException("the JPEG 2000 image is damaged: bits not stuffed");
                }
            }
        }
    }

    private static int int16(byte[] b, int i) {
        return ((b[i] & 0xFF) << 8) | (b[i + 1] & 0xFF);
    }

    private static long int32(byte[] b, int i) {
        return ((long) int16(b, i) << 16) | int16(b, i + 2);
    }
}
