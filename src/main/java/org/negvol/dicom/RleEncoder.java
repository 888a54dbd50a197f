package org.negvol.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Encodes native pixel data of 8 bits a sample as RLE Lossless (PS3.5 annex G). */
public final class RleEncoder {

    private static final int HEADER = 64;
    private static final int LONGEST_RUN = 128;

    private RleEncoder() {}

    /**
     * The data set with RLE pixel data, one fragment a frame; the rest is shared.
     *
     * @param dataset with native pixel data, samples of a pixel side by side
     * @throws IllegalArgumentException if the samples have not 8 bits
     */
    public static Attributes encode(Attributes dataset) {
        int samples = dataset.getInt(Tag.SamplesPerPixel, 1);
        if (dataset.getInt(Tag.BitsAllocated, 0) != 8
                || (samples > 1 && dataset.getInt(Tag.PlanarConfiguration, 0) != 0)) {
            throw new IllegalArgumentException("only samples of 8 bits, side by side, are encoded");
        }
        int rows = dataset.getInt(Tag.Rows, 0);
        int columns = dataset.getInt(Tag.Columns, 0);
        byte[] pixels =
                Objects.requireNonNull(dataset.getBytes(Tag.PixelData), "no native pixel data");
        int frameBytes = rows * columns * samples;
        int frames = dataset.getInt(Tag.NumberOfFrames, 1);
        ByteBuffer offsets = ByteBuffer.allocate(4 * frames).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> fragments = new ArrayList<>();
        fragments.add(offsets.array());
        int at = 0;
        for (int f = 0; f < frames; f++) {
            byte[] frame = frame(pixels, f * frameBytes, rows, columns, samples);
            offsets.putInt(at);
            // The item's tag and length count.
            at = Math.addExact(at, 8 + frame.length);
            fragments.add(frame);
        }
        Attributes encoded = new Attributes(dataset);
        encoded.setFragments(Tag.PixelData, VR.OB, fragments);
        return encoded;
    }

    /** Header, then a segment for each sample of a pixel. */
    private static byte[] frame(byte[] pixels, int from, int rows, int columns, int samples) {
        ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(samples);
        ByteArrayOutputStream out = new ByteArrayOutputStream(HEADER + rows * 8 * samples);
        out.writeBytes(header.array());
        byte[] row = new byte[columns];
        for (int s = 0; s < samples; s++) {
            header.putInt(out.size());
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    row[x] = pixels[from + (y * columns + x) * samples + s];
                }
                row(row, out);
            }
            if ((out.size() & 1) == 1) {
                out.write(0);
            }
        }
        byte[] frame = out.toByteArray();
        System.arraycopy(header.array(), 0, frame, 0, HEADER);
        return frame;
    }

    /** A row is encoded by itself (G.3.1): runs of three and more as runs, the rest as it is. */
    private static void row(byte[] row, ByteArrayOutputStream out) {
        int literal = 0;
        int x = 0;
        while (x < row.length) {
            int run = 1;
            while (run < LONGEST_RUN && x + run < row.length && row[x + run] == row[x]) {
                run++;
            }
            if (run >= 3) {
                literal(row, literal, x, out);
                out.write(1 - run);
                out.write(row[x]);
                literal = x + run;
            }
            x += run;
        }
        literal(row, literal, row.length, out);
    }

    private static void literal(byte[] row, int from, int to, ByteArrayOutputStream out) {
        for (int at = from; at < to; at += LONGEST_RUN) {
            int length = Math.min(LONGEST_RUN, to - at);
            out.write(length - 1);
            out.write(row, at, length);
        }
    }
}
