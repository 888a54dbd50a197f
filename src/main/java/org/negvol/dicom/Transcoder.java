package org.negvol.dicom;

import java.util.List;

/** Gives images native pixel data, for peers that take no compressed ones. */
public final class Transcoder {

    private static final long MOST_PIXEL_BYTES = 1L << 30;

    private Transcoder() {}

    /**
     * The data set with native pixel data: itself where they are native already, else a copy.
     *
     * @param syntax in which the data set was read
     * @throws DicomException if the pixel data are of a kind that {@link PixelDecoder} does not
     *     know, or damaged, or too long
     */
    public static Attributes uncompressed(Attributes dataset, TransferSyntax syntax)
            throws DicomException {
        List<byte[]> fragments = dataset.getFragments(Tag.PixelData);
        if (fragments == null) {
            return dataset;
        }
        int frames = Math.max(1, dataset.getInt(Tag.NumberOfFrames, 1));
        int wide = dataset.getInt(Tag.BitsAllocated, 0) / 8;
        long pixels = (long) dataset.getInt(Tag.Rows, 0) * dataset.getInt(Tag.Columns, 0);
        long length = pixels * frames * wide;
        if (frames >= fragments.size()) {
            throw new DicomException(
                    Tag.NumberOfFrames,
                    "there are fewer fragments than %d frames".formatted(frames));
        }
        if (length > MOST_PIXEL_BYTES) {
            throw new DicomException(
                    Tag.PixelData, "%d bytes are too many to be uncompressed".formatted(length));
        }
        byte[] all = null;
        int at = 0;
        for (int f = 0; f < frames; f++) {
            PixelFrame frame = PixelDecoder.decode(dataset, syntax, f);
            if (all == null) {
                // Only now: the first frame has shown that the sizes are no mere claim.
                all = new byte[(int) (length + (length & 1))];
            }
            for (short v : frame.values()) {
                all[at++] = (byte) v;
                if (wide == 2) {
                    all[at++] = (byte) (v >> 8);
                }
            }
        }
        Attributes copy = new Attributes(dataset);
        copy.remove(Tag.ExtendedOffsetTable);
        copy.remove(Tag.ExtendedOffsetTableLengths);
        // Decoded samples stand in the low bits.
        int stored = dataset.getInt(Tag.BitsStored, 8 * wide);
        copy.setInt(Tag.HighBit, VR.US, stored - 1);
        copy.setBytes(Tag.PixelData, wide == 1 ? VR.OB : VR.OW, all == null ? new byte[0] : all);
        return copy;
    }
}
