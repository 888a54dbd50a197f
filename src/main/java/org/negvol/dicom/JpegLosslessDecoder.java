package org.negvol.dicom;

/**
 * Decodes one component of a lossless JPEG image with Huffman coding (ITU-T T.81 annex H, process
 * 14, all selection values), of 2 to 16 bits.
 *
 * <p>Our own because the one well-kept library of Central that knows process 14 (TwelveMonkeys
 * 3.12) gives other samples than DCMTK for 13 of 40 slices of a real head, and takes five times as
 * long.
 */
final class JpegLosslessDecoder {

    private static final int SOF3 = 0xC3;
    private static final int DHT = 0xC4;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DNL = 0xDC;
    private static final int DRI = 0xDD;

    /** A difference has 16 bits at most. */
    private static final int LARGEST_SYMBOL = 16;

    private final byte[] data;
    private int at;
    private final int rows;
    private final int columns;
    private int precision;
    private int restartInterval;
    private int component;
    private final JpegHuffmanTable[] tables = new JpegHuffmanTable[4];

    // Bits not yet used, left-aligned, and how many there are.
    private long bits;
    private int count;
    // So many bits were made up behind the end of the data.
    private int invented;

    private JpegLosslessDecoder(byte[] data, int rows, int columns) {
        this.data = data;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * @param rows what the data set says, so that the image's own claim is not trusted
     * @return the samples row by row, each in the low bits
     * @throws DicomException if the data are no such image, or one of another size
     */
    static short[] decode(byte[] jpeg, int rows, int columns) throws DicomException {
        return new JpegLosslessDecoder(jpeg, rows, columns).decode();
    }

    private short[] decode() throws DicomException {
        if (data.length < 4 || marker() != SOI) {
            throw new DicomException("no JPEG image");
        }
        boolean frame = false;
        while (true) {
            int marker = marker();
            if (marker == EOI) {
                throw new DicomException("the JPEG image ends before its first scan");
            }
            int end = at + need(2);
            at += 2;
            if (end > data.length || end < at) {
                throw new DicomException("a JPEG segment is longer than the data");
            }
            switch (marker) {
                case SOF3 -> {
                    frame();
                    frame = true;
                }
                case DHT -> huffmanTables(end);
                case DRI -> restartInterval = need(2);
                case SOS -> {
                    if (!frame) {
                        throw new DicomException("the JPEG image is not lossless Huffman coded");
                    }
                    return scan(end);
                }
                default -> {
                    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC8 && marker != 0xCC) {
                        throw new DicomException(
                                "JPEG process with marker FF%02X, not lossless".formatted(marker));
                    }
                    if (marker == DNL) {
                        throw new DicomException("JPEG image without a height");
                    }
                }
            }
            at = end;
        }
    }

    private int marker() throws DicomException {
        while (at + 1 < data.length) {
            if (data[at] == (byte) 0xFF && data[at + 1] != (byte) 0xFF && data[at + 1] != 0) {
                at += 2;
                return data[at - 1] & 0xFF;
            }
            at++;
        }
        throw new DicomException("the JPEG image is cut off");
    }

    /** The 16 bits at hand, which are not used up. */
    private int need(int bytes) throws DicomException {
        if (at + bytes > data.length) {
            throw new DicomException("the JPEG image is cut off");
        }
        return ((data[at] & 0xFF) << 8) | (data[at + 1] & 0xFF);
    }

    private void frame() throws DicomException {
        need(8);
        precision = data[at] & 0xFF;
        int height = ((data[at + 1] & 0xFF) << 8) | (data[at + 2] & 0xFF);
        int width = ((data[at + 3] & 0xFF) << 8) | (data[at + 4] & 0xFF);
        int components = data[at + 5] & 0xFF;
        component = data[at + 6] & 0xFF;
        if (precision < 2 || precision > 16 || components != 1) {
            throw new DicomException(
                    "JPEG image of %d bits and %d components".formatted(precision, components));
        }
        if (height != rows || width != columns) {
            throw new DicomException(
                    "JPEG image of %d × %d in an object of %d × %d"
                            .formatted(width, height, columns, rows));
        }
    }

    private void huffmanTables(int end) throws DicomException {
        while (at + 17 <= end) {
            int id = data[at] & 0x0F;
            int symbols = 0;
            for (int i = 1; i <= 16; i++) {
                symbols += data[at + i] & 0xFF;
            }
            if (id > 3 || symbols > 256 || at + 17 + symbols > end) {
                throw new DicomException("JPEG Huffman table out of bounds");
            }
            tables[id] = new JpegHuffmanTable(data, at + 1, symbols, LARGEST_SYMBOL);
            at += 17 + symbols;
        }
    }

    private short[] scan(int end) throws DicomException {
        need(6);
        int components = data[at] & 0xFF;
        int selector = data[at + 1] & 0xFF;
        JpegHuffmanTable table = tables[(data[at + 2] >> 4) & 0x03];
        int predictor = data[at + 3] & 0xFF;
        int pointTransform = data[at + 5] & 0x0F;
        if (components != 1 || selector != component || table == null) {
            throw new DicomException("JPEG scan without its component or Huffman table");
        }
        if (predictor < 1 || predictor > 7 || pointTransform >= precision) {
            throw new DicomException(
                    "JPEG predictor %d, point transform %d".formatted(predictor, pointTransform));
        }
        if (restartInterval % columns != 0) {
            throw new DicomException("JPEG restart interval within a row");
        }
        at = end;
        // Every sample takes a bit at least: a size beyond that is a lie, and costs no memory.
        if ((long) rows * columns > 8L * (data.length - at)) {
            throw new DicomException("the JPEG image is shorter than its size allows");
        }
        short[] out = new short[rows * columns];
        int rowsToRestart = restartInterval / columns;
        boolean first = true;
        for (int y = 0; y < rows; y++) {
            if (rowsToRestart > 0 && y > 0 && y % rowsToRestart == 0) {
                restart();
                first = true;
            }
            row(out, y * columns, table, first ? 0 : predictor, pointTransform);
            first = false;
            if (invented > count) {
                throw new DicomException("the JPEG image is cut off in row " + y);
            }
        }
        if (pointTransform > 0) {
            for (int i = 0; i < out.length; i++) {
                out[i] = (short) (out[i] << pointTransform);
            }
        }
        return out;
    }

    /** Predictor 0 stands for the first row, which knows its left neighbours only (H.1.2.1). */
    private void row(short[] out, int o, JpegHuffmanTable table, int predictor, int pointTransform)
            throws DicomException {
        int w = columns;
        int start = predictor == 0 ? 1 << (precision - pointTransform - 1) : out[o - w];
        int left = start + difference(table);
        out[o] = (short) left;
        switch (predictor) {
            case 0, 1 -> {
                for (int i = o + 1; i < o + w; i++) {
                    left += difference(table);
                    out[i] = (short) left;
                }
            }
            case 2 -> {
                for (int i = o + 1; i < o + w; i++) {
                    out[i] = (short) (out[i - w] + difference(table));
                }
            }
            case 3 -> {
                for (int i = o + 1; i < o + w; i++) {
                    out[i] = (short) (out[i - w - 1] + difference(table));
                }
            }
            default -> {
                for (int i = o + 1; i < o + w; i++) {
                    int a = out[i - 1] & 0xFFFF;
                    int b = out[i - w] & 0xFFFF;
                    int c = out[i - w - 1] & 0xFFFF;
                    int p =
                            switch (predictor) {
                                case 4 -> a + b - c;
                                case 5 -> a + ((b - c) >> 1);
                                case 6 -> b + ((a - c) >> 1);
                                default -> (a + b) >> 1;
                            };
                    out[i] = (short) (p + difference(table));
                }
            }
        }
    }

    private int difference(JpegHuffmanTable table) throws DicomException {
        if (count < 32) {
            refill();
        }
        int entry = table.look[(int) (bits >>> (64 - JpegHuffmanTable.LOOK))];
        int length = entry >>> 8;
        int size = entry & 0xFF;
        if (length == 0) {
            int code = table.find((int) (bits >>> 48));
            length = code >>> 8;
            size = code & 0xFF;
        }
        bits <<= length;
        count -= length;
        if (size == 0) {
            return 0;
        }
        if (size == 16) {
            return 32768;
        }
        int v = (int) (bits >>> (64 - size));
        bits <<= size;
        count -= size;
        // T.81 F.2.2.1, EXTEND.
        return v < 1 << (size - 1) ? v - (1 << size) + 1 : v;
    }

    private void refill() {
        while (count <= 56) {
            int b = at < data.length ? data[at] & 0xFF : 0xFF;
            if (b == 0xFF) {
                int next = at + 1 < data.length ? data[at + 1] & 0xFF : EOI;
                if (next != 0) {
                    // A marker, or the end: zeros follow, which nobody should need.
                    count += 8;
                    invented += 8;
                    continue;
                }
                at++;
            }
            at++;
            bits |= (long) b << (56 - count);
            count += 8;
        }
    }

    private void restart() throws DicomException {
        int marker = marker();
        if (marker < 0xD0 || marker > 0xD7) {
            throw new DicomException("JPEG restart marker missing");
        }
        bits = 0;
        count = 0;
        invented = 0;
    }
}
