package org.negvol.volume;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.PixelDecoder;
import org.negvol.dicom.PixelFrame;
import org.negvol.dicom.Tag;

/** A CT image as a DICOM object: where its slice lies, and its pixels in HU. */
public final class CtImageFile {

    /** Opens what the source of a slice names: a file, an object of the archive. */
    @FunctionalInterface
    public interface Opener {

        /**
         * @param source {@link SliceHeader#source()}
         * @return a DICOM file from its first byte; the caller closes it
         */
        InputStream open(String source) throws IOException;
    }

    /** Rows read at a time: few enough to stay in a core's own cache. */
    private static final int STRIP = 16;

    private CtImageFile() {}

    /**
     * What an image says of itself.
     *
     * @param image its attributes, with or without pixel data
     * @param source where the reader finds it
     */
    public static SliceHeader header(Attributes image, String source) {
        return header(image, 0, source);
    }

    /**
     * What a frame of a multi-frame image says of itself.
     *
     * @param image one of {@link EnhancedCt#frames}
     * @param frame its number, from 1
     * @param source where the reader finds the whole image
     */
    public static SliceHeader header(Attributes image, int frame, String source) {
        return new SliceHeader(
                image.getString(Tag.SOPInstanceUID, ""),
                frame,
                image.getString(Tag.SeriesInstanceUID, ""),
                image.getString(Tag.FrameOfReferenceUID, ""),
                image.getString(Tag.Modality, ""),
                List.of(image.getStrings(Tag.ImageType)),
                image.getInt(Tag.Rows, 0),
                image.getInt(Tag.Columns, 0),
                placement(image),
                image.getDouble(Tag.RescaleSlope, 1),
                image.getDouble(Tag.RescaleIntercept, 0),
                source);
    }

    /** What the image in a file says of itself; its pixels are not read. */
    public static SliceHeader header(Path file) throws IOException {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return header(in.readDatasetUntil(Tag.PixelData), file.toString());
        }
    }

    /** Reads slices whose sources are paths of files. */
    public static SliceReader files() {
        return reader(source -> Files.newInputStream(Path.of(source)));
    }

    /** Reads slices from wherever their sources lead. */
    public static SliceReader reader(Opener opener) {
        return reader(opener, SliceReader.LOCAL_READS);
    }

    /**
     * @param concurrentReads how many may be open at the same time
     */
    public static SliceReader reader(Opener opener, int concurrentReads) {
        return new Reader(opener, new FrameReader(opener), concurrentReads);
    }

    private record Reader(Opener opener, FrameReader frames, int concurrentReads)
            implements SliceReader {

        @Override
        public short[] readHu(SliceHeader slice) throws IOException {
            if (slice.frame() > 0) {
                return frames.readHu(slice);
            }
            try (DicomInputStream in = new DicomInputStream(opener.open(slice.source()))) {
                Attributes image = in.readDataset();
                return toHu(image, PixelDecoder.decode(image, in.getTransferSyntax()));
            }
        }

        @Override
        public void readRows(SliceHeader slice, int first, int end, RowSink sink)
                throws IOException {
            if (!(slice.frame() > 0
                    ? frames.readRows(slice, first, end, sink)
                    : readRowsOfImage(slice, first, end, sink))) {
                SliceReader.super.readRows(slice, first, end, sink);
            }
        }

        private boolean readRowsOfImage(SliceHeader slice, int first, int end, RowSink sink)
                throws IOException {
            try (DicomInputStream in = new DicomInputStream(opener.open(slice.source()))) {
                Attributes image = in.readDatasetUntil(Tag.PixelData);
                return isAsLargeAs(slice, image)
                        && inStrips(
                                slice,
                                first,
                                end,
                                Rescale.of(image),
                                (row, strip, n) -> PixelDecoder.readRows(in, image, row, strip, n),
                                sink);
            }
        }
    }

    /** Whether an image has the rows and columns that a slice said it has. */
    static boolean isAsLargeAs(SliceHeader slice, Attributes image) {
        return image.getInt(Tag.Rows, 0) == slice.rows()
                && image.getInt(Tag.Columns, 0) == slice.columns();
    }

    /** Reads stored values of some rows; false, and nothing was read, where it cannot. */
    @FunctionalInterface
    interface StripReader {
        boolean read(int row, short[] strip, int rows) throws IOException;
    }

    /**
     * Reads rows a strip at a time and hands them on in HU.
     *
     * @return false, and nothing was handed on, if the reader could not read the first strip
     */
    static boolean inStrips(
            SliceHeader slice,
            int first,
            int end,
            Rescale rescale,
            StripReader reader,
            SliceReader.RowSink sink)
            throws IOException {
        int columns = slice.columns();
        short[] strip = new short[STRIP * columns];
        for (int row = first; row < end; row += STRIP) {
            int n = Math.min(STRIP, end - row);
            if (!reader.read(row, strip, n)) {
                return false;
            }
            rescale.apply(strip, n * columns);
            for (int r = 0; r < n; r++) {
                sink.row(row + r, strip, r * columns);
            }
        }
        return true;
    }

    /**
     * Stored values to HU by Rescale Slope and Intercept (PS3.3 C.11.1); Pixel Padding Value up to
     * Pixel Padding Range Limit (C.7.5.1.1.2) becomes {@link CtSeries#AIR_HU}.
     *
     * @param frame its values are overwritten with the result
     * @throws DicomException if the rescaling is no number
     */
    static short[] toHu(Attributes image, PixelFrame frame) throws DicomException {
        Rescale.of(image, frame.isSigned()).apply(frame.values(), frame.values().length);
        return frame.values();
    }

    /**
     * How stored values become HU.
     *
     * @param bits Bits Stored (0028,0101); no value has more
     * @param padding lowest value that is padding; above {@code limit} if there is none
     */
    record Rescale(
            double slope, double intercept, boolean signed, int bits, int padding, int limit) {

        static Rescale of(Attributes image) throws DicomException {
            return of(image, image.getInt(Tag.PixelRepresentation, 0) == 1);
        }

        static Rescale of(Attributes image, boolean signed) throws DicomException {
            return of(
                    image,
                    signed,
                    image.getDouble(Tag.RescaleSlope, 1),
                    image.getDouble(Tag.RescaleIntercept, 0));
        }

        static Rescale of(Attributes image, boolean signed, double slope, double intercept)
                throws DicomException {
            if (!Double.isFinite(slope) || !Double.isFinite(intercept) || slope == 0) {
                throw new DicomException(
                        Tag.RescaleSlope, "rescaling by %s and %s".formatted(slope, intercept));
            }
            int bits = Math.clamp(image.getInt(Tag.BitsStored, 16), 1, 16);
            if (!image.containsValue(Tag.PixelPaddingValue)) {
                return new Rescale(slope, intercept, signed, bits, 1, 0);
            }
            // Some devices write the number in the other of US and SS: its bits count.
            int a = stored(image.getInt(Tag.PixelPaddingValue, 0), signed);
            int b = stored(image.getInt(Tag.PixelPaddingRangeLimit, a), signed);
            return new Rescale(slope, intercept, signed, bits, Math.min(a, b), Math.max(a, b));
        }

        void apply(short[] hu, int n) {
            int mask = signed ? -1 : 0xFFFF;
            boolean whole =
                    slope == 1 && intercept == Math.rint(intercept) && Math.abs(intercept) < 1e6;
            int offset = (int) intercept;
            if (whole && padding > limit && staysShort(offset)) {
                // The usual case; a loop that the compiler turns into vector instructions.
                for (int i = 0; i < n; i++) {
                    hu[i] += (short) offset;
                }
            } else if (whole) {
                for (int i = 0; i < n; i++) {
                    int v = hu[i] & mask;
                    int h = Math.min(Math.max(v + offset, Short.MIN_VALUE), Short.MAX_VALUE);
                    hu[i] = v >= padding && v <= limit ? CtSeries.AIR_HU : (short) h;
                }
            } else {
                for (int i = 0; i < n; i++) {
                    int v = hu[i] & mask;
                    long h = Math.round(v * slope + intercept);
                    hu[i] =
                            v >= padding && v <= limit
                                    ? CtSeries.AIR_HU
                                    : (short) Math.clamp(h, Short.MIN_VALUE, Short.MAX_VALUE);
                }
            }
        }

        /** Whether no stored value leaves the range of a short when it is moved. */
        private boolean staysShort(int offset) {
            int lowest = signed ? -1 << (bits - 1) : 0;
            int highest = signed ? (1 << (bits - 1)) - 1 : (1 << bits) - 1;
            return lowest + offset >= Short.MIN_VALUE && highest + offset <= Short.MAX_VALUE;
        }
    }

    private static int stored(int v, boolean signed) {
        return signed ? (short) v : v & 0xFFFF;
    }

    private static SliceHeader.@Nullable Placement placement(Attributes image) {
        double[] spacing = image.getDoubles(Tag.PixelSpacing);
        double[] orientation = image.getDoubles(Tag.ImageOrientationPatient);
        double[] position = image.getDoubles(Tag.ImagePositionPatient);
        if (spacing.length != 2 || orientation.length != 6 || position.length != 3) {
            return null;
        }
        try {
            return new SliceHeader.Placement(
                    spacing[0],
                    spacing[1],
                    new Vec3(orientation[0], orientation[1], orientation[2]),
                    new Vec3(orientation[3], orientation[4], orientation[5]),
                    new Vec3(position[0], position[1], position[2]));
        } catch (IllegalArgumentException e) {
            // Zero spacing or skewed axes: as good as no placement.
            return null;
        }
    }
}
