package org.negvol.dicom;

/**
 * Decodes one component of a sequential JPEG image with Huffman coding (ITU-T T.81 annex F,
 * processes 1, 2 and 4: baseline and extended), of 8 or 12 bits.
 *
 * <p>Our own because the standard library knows 8 bits only. The inverse transform is the accurate
 * integer one of the Independent JPEG Group (Loeffler, Ligtenberg and Moschytz 1989, 13 bit
 * constants), which nearly all toolkits use, so that samples equal theirs.
 */
final class JpegDctDecoder {

    private static final int SOF0 = 0xC0;
    private static final int SOF1 = 0xC1;
    private static final int DHT = 0xC4;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DQT = 0xDB;
    private static final int DNL = 0xDC;
    private static final int DRI = 0xDD;

    private static final int BLOCK = 64;
    private static final int CONST_BITS = 13;

    private static final int[] ZIGZAG = {
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27,
        20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63
    };

    private final byte[] data;
    private int at;
    private final int rows;
    private final int columns;
    private int precision;
    private int component;
    private int quantisation;
    private int restartInterval;
    private final JpegHuffmanTable[] dc = new JpegHuffmanTable[4];
    private final JpegHuffmanTable[] ac = new JpegHuffmanTable[4];
    private final int[][] quantisers = new int[4][];

    // Bits not yet used, left-aligned, and how many there are.
    private long bits;
    private int count;
    // So many bits were made up behind the end of the data.
    private int invented;

    private JpegDctDecoder(byte[] data, int rows, int columns) {
        this.data = data;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * @param rows what the data set says, so that the image's own claim is not trusted
     * @return the samples row by row
     * @throws DicomException if the data are no such image, or one of another size
     */
    static short[] decode(byte[] jpeg, int rows, int columns) throws DicomException {
        return new JpegDctDecoder(jpeg, rows, columns).decode();
    }

    private short[] decode() throws DicomException {
        if (data.length < 4 || marker() != SOI) {
            throw new DicomException("no JPEG image");
        }
        while (true) {
            int marker = marker();
            if (marker == EOI) {
                throw new DicomException("the JPEG image ends before its first scan");
            }
            int end = at + int16(at);
            at += 2;
            if (end > data.length || end < at) {
                throw new DicomException("a JPEG segment is longer than the data");
            }
            switch (marker) {
                case SOF0, SOF1 -> frame(end);
                case DHT -> huffmanTables(end);
                case DQT -> quantisationTables(end);
                case DRI -> restartInterval = int16(at);
                case SOS -> {
                    if (precision == 0) {
                        throw new DicomException("the JPEG image is not a sequential DCT one");
                    }
                    return scan(end);
                }
                default -> {
                    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC8 && marker != 0xCC) {
                        throw new DicomException(
                                "JPEG process with marker FF%02X, not sequential DCT"
                                        .formatted(marker));
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

    private int int16(int i) throws DicomException {
        if (i + 2 > data.length) {
            throw new DicomException("the JPEG image is cut off");
        }
        return ((data[i] & 0xFF) << 8) | (data[i + 1] & 0xFF);
    }

    private void frame(int end) throws DicomException {
        if (end - at < 9) {
            throw new DicomException("JPEG frame header too short");
        }
        precision = data[at] & 0xFF;
        int height = int16(at + 1);
        int width = int16(at + 3);
        int components = data[at + 5] & 0xFF;
        component = data[at + 6] & 0xFF;
        quantisation = data[at + 8] & 0xFF;
        if ((precision != 8 && precision != 12) || components != 1 || quantisation > 3) {
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
            boolean isAc = (data[at] & 0xF0) != 0;
            int symbols = 0;
            for (int i = 1; i <= 16; i++) {
                symbols += data[at + i] & 0xFF;
            }
            if (id > 3 || symbols > 256 || at + 17 + symbols > end) {
                throw new DicomException("JPEG Huffman table out of bounds");
            }
            (isAc ? ac : dc)[id] = new JpegHuffmanTable(data, at + 1, symbols, isAc ? 255 : 16);
            at += 17 + symbols;
        }
    }

    private void quantisationTables(int end) throws DicomException {
        while (at < end) {
            int id = data[at] & 0x0F;
            boolean wide = (data[at] & 0xF0) != 0;
            at++;
            if (id > 3 || at + (wide ? 2 * BLOCK : BLOCK) > end) {
                throw new DicomException("JPEG quantisation table out of bounds");
            }
            int[] table = new int[BLOCK];
            for (int i = 0; i < BLOCK; i++) {
                table[ZIGZAG[i]] = wide ? int16(at + 2 * i) : data[at + i] & 0xFF;
            }
            quantisers[id] = table;
            at += wide ? 2 * BLOCK : BLOCK;
        }
    }

    private short[] scan(int end) throws DicomException {
        if (end - at < 6 || data[at] != 1 || (data[at + 1] & 0xFF) != component) {
            throw new DicomException("JPEG scan without its component");
        }
        JpegHuffmanTable dcTable = dc[(data[at + 2] >> 4) & 3];
        JpegHuffmanTable acTable = ac[data[at + 2] & 3];
        int[] quantiser = quantisers[quantisation];
        if (dcTable == null || acTable == null || quantiser == null) {
            throw new DicomException("JPEG scan without its tables");
        }
        at = end;
        int across = (columns + 7) / 8;
        int down = (rows + 7) / 8;
        // A block takes two bits at least: a size beyond that is a lie, and costs no memory.
        if ((long) across * down > 4L * (data.length - at)) {
            throw new DicomException("the JPEG image is shorter than its size allows");
        }
        short[] out = new short[rows * columns];
        int[] block = new int[BLOCK];
        int[] space = new int[BLOCK];
        int prediction = 0;
        for (int i = 0; i < across * down; i++) {
            if (restartInterval > 0 && i > 0 && i % restartInterval == 0) {
                restart();
                prediction = 0;
            }
            prediction = block(block, prediction, dcTable, acTable, quantiser);
            if (invented > count) {
                throw new DicomException("the JPEG image is cut off in block " + i);
            }
            transform(block, space, out, 8 * (i / across), 8 * (i % across));
        }
        return out;
    }

    /** Reads the coefficients of a block, in their places and dequantised; gives the DC value. */
    private int block(
            int[] block,
            int prediction,
            JpegHuffmanTable dcTable,
            JpegHuffmanTable acTable,
            int[] quantiser)
            throws DicomException {
        java.util.Arrays.fill(block, 0);
        int value = prediction + signed(symbol(dcTable));
        block[0] = value * quantiser[0];
        for (int k = 1; k < BLOCK; k++) {
            int symbol = symbol(acTable);
            int size = symbol & 15;
            int zeros = symbol >> 4;
            if (size == 0) {
                if (zeros != 15) {
                    break;
                }
                k += 15;
                continue;
            }
            k += zeros;
            if (k >= BLOCK) {
                throw new DicomException("a JPEG block has more than 64 coefficients");
            }
            int place = ZIGZAG[k];
            block[place] = signed(size) * quantiser[place];
        }
        return value;
    }

    private int symbol(JpegHuffmanTable table) throws DicomException {
        if (count < 32) {
            refill();
        }
        int entry = table.look[(int) (bits >>> (64 - JpegHuffmanTable.LOOK))] & 0xFFFF;
        if (entry >>> 8 == 0) {
            entry = table.find((int) (bits >>> 48));
        }
        bits <<= entry >>> 8;
        count -= entry >>> 8;
        return entry & 0xFF;
    }

    /** T.81 F.2.2.1, RECEIVE and EXTEND. */
    private int signed(int size) {
        if (size == 0) {
            return 0;
        }
        int v = (int) (bits >>> (64 - size));
        bits <<= size;
        count -= size;
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

    private void transform(int[] block, int[] space, short[] out, int y0, int x0) {
        // Bits kept of the first pass: the same as libjpeg, whose rounding is to be met.
        int pass1Bits = precision == 8 ? 2 : 1;
        for (int x = 0; x < 8; x++) {
            butterfly(block, x, 8, space, CONST_BITS - pass1Bits);
        }
        int center = 1 << (precision - 1);
        int most = (1 << precision) - 1;
        for (int y = 0; y < 8 && y0 + y < rows; y++) {
            butterfly(space, 8 * y, 1, space, CONST_BITS + pass1Bits + 3);
            int o = (y0 + y) * columns + x0;
            for (int x = 0; x < 8 && x0 + x < columns; x++) {
                int v = space[8 * y + x] + center;
                out[o + x] = (short) Math.max(0, Math.min(most, v));
            }
        }
    }

    /** One inverse DCT of eight values, {@code step} apart, with the constants of the paper. */
    private static void butterfly(int[] in, int i, int step, int[] out, int shift) {
        int in2 = in[i + 2 * step];
        int in6 = in[i + 6 * step];
        int z1 = (in2 + in6) * 4433;
        int even2 = z1 - in6 * 15137;
        int even3 = z1 + in2 * 6270;
        int even0 = (in[i] + in[i + 4 * step]) << CONST_BITS;
        int even1 = (in[i] - in[i + 4 * step]) << CONST_BITS;
        int t10 = even0 + even3;
        int t13 = even0 - even3;
        int t11 = even1 + even2;
        int t12 = even1 - even2;

        int t0 = in[i + 7 * step];
        int t1 = in[i + 5 * step];
        int t2 = in[i + 3 * step];
        int t3 = in[i + step];
        int z5 = (t0 + t2 + t1 + t3) * 9633;
        int o1 = (t0 + t3) * -7373;
        int o2 = (t1 + t2) * -20995;
        int o3 = (t0 + t2) * -16069 + z5;
        int o4 = (t1 + t3) * -3196 + z5;
        t0 = t0 * 2446 + o1 + o3;
        t1 = t1 * 16819 + o2 + o4;
        t2 = t2 * 25172 + o2 + o3;
        t3 = t3 * 12299 + o1 + o4;

        int round = 1 << (shift - 1);
        out[i] = (t10 + t3 + round) >> shift;
        out[i + 7 * step] = (t10 - t3 + round) >> shift;
        out[i + step] = (t11 + t2 + round) >> shift;
        out[i + 6 * step] = (t11 - t2 + round) >> shift;
        out[i + 2 * step] = (t12 + t1 + round) >> shift;
        out[i + 5 * step] = (t12 - t1 + round) >> shift;
        out[i + 3 * step] = (t13 + t0 + round) >> shift;
        out[i + 4 * step] = (t13 - t0 + round) >> shift;
    }
}
