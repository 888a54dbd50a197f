package org.negvol.dicom;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Where in its file each frame of a monochrome image lies, so that one is read without the others.
 * Found once and then used by any number of threads, each with a stream of its own.
 */
public final class FrameIndex {

    /** What decoding asks of the image. */
    private static final int[] PIXEL_ATTRIBUTES = {
        Tag.SamplesPerPixel,
        Tag.PhotometricInterpretation,
        Tag.Rows,
        Tag.Columns,
        Tag.BitsAllocated,
        Tag.BitsStored,
        Tag.HighBit,
        Tag.PixelRepresentation,
        Tag.PixelPaddingValue,
        Tag.PixelPaddingRangeLimit
    };

    /** A compressed frame longer than the pixels it holds is wrong, but for headers and tables. */
    private static final long MOST_OVERHEAD_BYTES = 1 << 20;

    /** Some bytes of the file. */
    private record Part(long position, int length) {}

    private final Attributes image;
    private final int frames;
    private final long nativeStart;
    private final List<Part> fragments;
    private final List<FrameFragments.Range> ranges;

    private FrameIndex(
            Attributes image,
            int frames,
            long nativeStart,
            List<Part> fragments,
            List<FrameFragments.Range> ranges) {
        this.image = new Attributes().addSelected(image, PIXEL_ATTRIBUTES);
        this.frames = frames;
        this.nativeStart = nativeStart;
        this.fragments = fragments;
        this.ranges = ranges;
    }

    /**
     * Finds the frames.
     *
     * @param in where {@link DicomInputStream#readDatasetUntil} stopped at the pixel data; read to
     *     their end if they are compressed, and not at all if not
     * @param image the attributes before the pixel data
     * @throws DicomException if there are no pixel data, or too few for the frames, or fragments
     *     that belong to no frame
     */
    public static FrameIndex of(DicomInputStream in, Attributes image) throws IOException {
        int frames = Math.max(1, image.getInt(Tag.NumberOfFrames, 1));
        if (in.getTransferSyntax().encapsulated()) {
            return encapsulated(in, image, frames);
        }
        long bytes = 2L * image.getInt(Tag.Rows, 0) * image.getInt(Tag.Columns, 0) * frames;
        long start = in.valuePosition(Tag.PixelData, bytes);
        if (!PixelDecoder.isInWords(image) || start < 0) {
            throw new DicomException(
                    Tag.PixelData,
                    "no %d frames of words of 16 bits, which are %d bytes"
                            .formatted(frames, bytes));
        }
        return new FrameIndex(image, frames, start, List.of(), List.of());
    }

    private static FrameIndex encapsulated(DicomInputStream in, Attributes image, int frames)
            throws IOException {
        byte[] table = new byte[0];
        List<Part> parts = new ArrayList<>();
        BitSet starts = new BitSet();
        boolean first = true;
        for (long n = in.nextFragment(); n >= 0; n = in.nextFragment()) {
            long at = in.position();
            if (first) {
                table = in.readBytesAt(at, n);
                first = false;
            } else {
                byte[] start = in.readBytesAt(at, Math.min(n, 2));
                starts.set(parts.size(), FrameFragments.startsImage(start));
                parts.add(new Part(at, Math.toIntExact(Math.min(n, Integer.MAX_VALUE))));
                in.skipTo(at + n);
            }
        }
        FrameFragments fragments =
                new FrameFragments(
                        frames,
                        parts.stream().mapToInt(Part::length).toArray(),
                        starts::get,
                        FrameFragments.offsets(image, frames, table));
        List<FrameFragments.Range> ranges = new ArrayList<>();
        if (frames > parts.size()) {
            throw new DicomException(
                    Tag.PixelData, "%d fragments for %d frames".formatted(parts.size(), frames));
        }
        for (int f = 0; f < frames; f++) {
            ranges.add(fragments.of(f));
        }
        return new FrameIndex(image, frames, -1, parts, ranges);
    }

    /** The image's size, bits and padding, without anything else it says. */
    public Attributes pixelAttributes() {
        return image;
    }

    /** Whether rows can be read without decoding the whole frame. */
    public boolean isNative() {
        return nativeStart >= 0;
    }

    /**
     * Reads some rows of a native frame.
     *
     * @param in the file anew; rows may be asked for in rising order
     * @param frame from 0
     * @param values gets the stored values, row by row, as in {@link PixelFrame}
     */
    public void readRows(DicomInputStream in, int frame, int row, short[] values, int rows)
            throws IOException {
        int columns = image.getInt(Tag.Columns, 0);
        long pixel = ((long) frame * image.getInt(Tag.Rows, 0) + row) * columns;
        in.readWordsAt(nativeStart + 2 * pixel, values, rows * columns);
        PixelDecoder.cutWords(image, values, rows * columns);
    }

    /**
     * Decodes one frame.
     *
     * @param in the file anew
     * @param frame from 0
     * @throws DicomException if the data are damaged, or of a kind that {@link PixelDecoder} does
     *     not know
     * @throws IndexOutOfBoundsException if there is no such frame
     */
    public PixelFrame read(DicomInputStream in, int frame) throws IOException {
        if (frame < 0 || frame >= frames) {
            throw new IndexOutOfBoundsException("frame %d of %d".formatted(frame, frames));
        }
        int rows = image.getInt(Tag.Rows, 0);
        int columns = image.getInt(Tag.Columns, 0);
        if (isNative()) {
            short[] values = new short[Math.multiplyExact(rows, columns)];
            readRows(in, frame, 0, values, rows);
            return new PixelFrame(
                    rows, columns, image.getInt(Tag.PixelRepresentation, 0) == 1, values);
        }
        in.limitHeldBytes(2L * rows * columns + MOST_OVERHEAD_BYTES);
        FrameFragments.Range range = ranges.get(frame);
        List<byte[]> parts = new ArrayList<>();
        parts.add(new byte[0]);
        for (Part part : fragments.subList(range.from(), range.end())) {
            parts.add(in.readBytesAt(part.position, part.length));
        }
        Attributes single = new Attributes(image).setFragments(Tag.PixelData, VR.OB, parts);
        return PixelDecoder.decode(single, in.getTransferSyntax());
    }
}
