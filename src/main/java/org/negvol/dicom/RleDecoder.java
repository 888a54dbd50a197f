package org.negvol.dicom;

/** Decodes RLE Lossless frames (PS3.5 annex G) of one sample a pixel. */
final class RleDecoder {

    private static final int HEADER = 64;

    private RleDecoder() {}

    /**
     * @return the samples row by row, each in the low bits
     * @throws DicomException if the data are no frame of so many pixels and bytes
     */
    static short[] decode(byte[] rle, int pixels, int bytesPerSample) throws DicomException {
        if (rle.length < HEADER || int32(rle, 0) != bytesPerSample) {
            throw new DicomException("RLE frame without a segment for every byte of a sample");
        }
        // Two bytes make 128 at most: a size beyond that is a lie, and costs no memory.
        if (pixels > 64L * rle.length) {
            throw new DicomException("the RLE frame is shorter than its size allows");
        }
        short[] out = new short[pixels];
        for (int s = 0; s < bytesPerSample; s++) {
            long from = int32(rle, 4 + 4 * s) & 0xFFFFFFFFL;
            long to = s + 1 < bytesPerSample ? int32(rle, 8 + 4 * s) & 0xFFFFFFFFL : rle.length;
            if (from < HEADER || to > rle.length || from > to) {
                throw new DicomException("RLE segment outside its frame");
            }
            segment(rle, (int) from, (int) to, out, 8 * (bytesPerSample - 1 - s));
        }
        return out;
    }

    private static void segment(byte[] rle, int from, int to, short[] out, int shift)
            throws DicomException {
        int at = from;
        int o = 0;
        while (o < out.length) {
            if (at >= to) {
                throw new DicomException("the RLE segment is too short");
            }
            int n = rle[at++];
            if (n >= 0) {
                int run = Math.min(n + 1, out.length - o);
                if (at + run > to) {
                    throw new DicomException("the RLE segment is too short");
                }
                for (int i = 0; i < run; i++) {
                    out[o++] |= (short) ((rle[at + i] & 0xFF) << shift);
                }
                at += n + 1;
            } else if (n != -128) {
                if (at >= to) {
                    throw new DicomException("the RLE segment is too short");
                }
                short v = (short) ((rle[at++] & 0xFF) << shift);
                int run = Math.min(1 - n, out.length - o);
                for (int i = 0; i < run; i++) {
                    out[o++] |= v;
                }
            }
        }
    }

    private static int int32(byte[] b, int i) {
        return (b[i] & 0xFF)
                | ((b[i + 1] & 0xFF) << 8)
                | ((b[i + 2] & 0xFF) << 16)
                | ((b[i + 3] & 0xFF) << 24);
    }
}
