package org.negvol.dicom;

/**
 * Decodes one component of a JPEG-LS image (ITU-T T.87), lossless or near-lossless, of 2 to 16
 * bits. The names are those of the standard's annex A.
 *
 * <p>Our own because no library of Central decodes JPEG-LS without native code.
 */
final class JpegLsDecoder {

    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int DRI = 0xDD;
    private static final int SOF55 = 0xF7;
    private static final int LSE = 0xF8;

    private static final int REGULAR_CONTEXTS = 365;
    private static final int MIN_C = -128;
    private static final int MAX_C = 127;

    /** T.87 A.2.1, table of the run lengths' orders. */
    private static final int[] J = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12,
        13, 14, 15
    };

    /** No honest image comes near: with the usual RESET of 64 its errors add up to 2^22. */
    private static final int MOST_ACCUMULATED = 1 << 30;

    private final byte[] data;
    private int at;
    private final int rows;
    private final int columns;

    private int precision;
    private int maxVal;
    private int near;
    private int t1;
    private int t2;
    private int t3;
    private int reset;
    private int range;
    private int qbpp;
    private int limit;

    private final int[] a = new int[REGULAR_CONTEXTS + 2];
    private final int[] b = new int[REGULAR_CONTEXTS];
    private final int[] c = new int[REGULAR_CONTEXTS];
    private final int[] n = new int[REGULAR_CONTEXTS + 2];
    private final int[] nn = new int[2];
    private int runIndex;

    // Bits not yet used, left-aligned, and how many there are.
    private long bits;
    private int count;
    private int last;
    // So many bits were made up behind the end of the data.
    private int invented;

    private JpegLsDecoder(byte[] data, int rows, int columns) {
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
        return new JpegLsDecoder(jpeg, rows, columns).decode();
    }

    private short[] decode() throws DicomException {
        if (data.length < 4 || marker() != SOI) {
            throw new DicomException("no JPEG-LS image");
        }
        int[] preset = new int[5];
        while (true) {
            int marker = marker();
            if (marker == EOI) {
                throw new DicomException("the JPEG-LS image ends before its first scan");
            }
            int end = at + int16(at);
            int from = at + 2;
            if (end > data.length || end < from) {
                throw new DicomException("a JPEG-LS segment is longer than the data");
            }
            switch (marker) {
                case SOF55 -> frame(from, end);
                case LSE -> preset(from, end, preset);
                case SOS -> {
                    if (precision == 0) {
                        throw new DicomException("JPEG-LS scan without a frame");
                    }
                    return scan(from, end, preset);
                }
                case DRI -> {
                    if (end - from < 2 || int16(from) != 0) {
                        throw new DicomException("JPEG-LS image with restart intervals");
                    }
                }
                default -> {
                    if (marker >= 0xC0 && marker <= 0xCF) {
                        throw new DicomException("no JPEG-LS image, but one of another process");
                    }
                }
            }
            at = end;
        }
    }

    private int marker() throws DicomException {
        while (at + 1 < data.length) {
            if (data[at] == (byte) 0xFF && (data[at + 1] & 0x80) != 0 && data[at + 1] != -1) {
                at += 2;
                return data[at - 1] & 0xFF;
            }
            at++;
        }
        throw new DicomException("the JPEG-LS image is cut off");
    }

    private int int16(int i) throws DicomException {
        if (i + 2 > data.length) {
            throw new DicomException("the JPEG-LS image is cut off");
        }
        return ((data[i] & 0xFF) << 8) | (data[i + 1] & 0xFF);
    }

    private void frame(int from, int end) throws DicomException {
        if (end - from < 9) {
            throw new DicomException("JPEG-LS frame header too short");
        }
        precision = data[from] & 0xFF;
        int height = int16(from + 1);
        int width = int16(from + 3);
        int components = data[from + 5] & 0xFF;
        if (precision < 2 || precision > 16 || components != 1) {
            throw new DicomException(
                    "JPEG-LS image of %d bits and %d components".formatted(precision, components));
        }
        if (height != rows || width != columns) {
            throw new DicomException(
                    "JPEG-LS image of %d × %d in an object of %d × %d"
                            .formatted(width, height, columns, rows));
        }
    }

    /** Coding parameters (T.87 C.2.4.1.1): MAXVAL, T1, T2, T3, RESET; 0 is the default. */
    private void preset(int from, int end, int[] preset) throws DicomException {
        int type = end > from ? data[from] : 0;
        if (type != 1) {
            throw new DicomException("JPEG-LS preset of type %d".formatted(type));
        }
        if (end - from < 11) {
            throw new DicomException("JPEG-LS preset too short");
        }
        for (int i = 0; i < preset.length; i++) {
            preset[i] = int16(from + 1 + 2 * i);
        }
    }

    private short[] scan(int from, int end, int[] preset) throws DicomException {
        if (end - from < 6 || data[from] != 1) {
            throw new DicomException("JPEG-LS scan of several components");
        }
        near = data[from + 3] & 0xFF;
        if (data[from + 2] != 0 || data[from + 5] != 0) {
            throw new DicomException("JPEG-LS scan with a mapping table or point transform");
        }
        maxVal = preset[0] == 0 ? (1 << precision) - 1 : preset[0];
        if (maxVal >= 1 << precision || near > Math.min(255, maxVal / 2)) {
            throw new DicomException("JPEG-LS MAXVAL %d, NEAR %d".formatted(maxVal, near));
        }
        thresholds(preset);
        range = (maxVal + 2 * near) / (2 * near + 1) + 1;
        qbpp = log2(range);
        int bpp = Math.max(2, log2(maxVal + 1));
        limit = 2 * (bpp + Math.max(8, bpp));
        java.util.Arrays.fill(a, Math.max(2, (range + 32) / 64));
        java.util.Arrays.fill(n, 1);
        at = end;
        // A row that is one run takes a bit for 32,768 samples: a size beyond that is a lie.
        if ((long) rows * columns > (8L << 15) * (data.length - at)) {
            throw new DicomException("the JPEG-LS image is shorter than its size allows");
        }
        return samples();
    }

    private void thresholds(int[] preset) throws DicomException {
        if (maxVal >= 128) {
            int factor = (Math.min(maxVal, 4095) + 128) >> 8;
            t1 = clamp(factor + 2 + 3 * near, near + 1);
            t2 = clamp(factor * 4 + 3 + 5 * near, t1);
            t3 = clamp(factor * 17 + 4 + 7 * near, t2);
        } else {
            int factor = 256 / (maxVal + 1);
            t1 = clamp(Math.max(2, 3 / factor + 3 * near), near + 1);
            t2 = clamp(Math.max(3, 7 / factor + 5 * near), t1);
            t3 = clamp(Math.max(4, 21 / factor + 7 * near), t2);
        }
        t1 = preset[1] == 0 ? t1 : preset[1];
        t2 = preset[2] == 0 ? t2 : preset[2];
        t3 = preset[3] == 0 ? t3 : preset[3];
        reset = preset[4] == 0 ? 64 : preset[4];
        if (t1 <= near
                || t2 < t1
                || t3 < t2
                || t3 > maxVal
                || reset < 3
                || reset > Math.max(255, maxVal)) {
            throw new DicomException(
                    "JPEG-LS thresholds %d, %d, %d, reset %d".formatted(t1, t2, t3, reset));
        }
    }

    private int clamp(int v, int least) {
        return v > maxVal || v < least ? least : v;
    }

    /** Bits that so many values need. */
    private static int log2(int values) {
        return 32 - Integer.numberOfLeadingZeros(values - 1);
    }

    private short[] samples() throws DicomException {
        // One sample before and one behind each row: the neighbours of the image's edges.
        int[] above = new int[columns + 2];
        int[] row = new int[columns + 2];
        // Grows with the rows decoded, since runs make large claims cheap.
        short[] out = new short[Math.min(rows * columns, Math.max(columns, 1 << 20))];
        for (int y = 0; y < rows; y++) {
            above[columns + 1] = above[columns];
            row[0] = above[1];
            row(above, row);
            if (invented > count) {
                throw new DicomException("the JPEG-LS image is cut off in row " + y);
            }
            int o = y * columns;
            if (o + columns > out.length) {
                out =
                        java.util.Arrays.copyOf(
                                out,
                                (int) Math.min((long) rows * columns, 2L * out.length + columns));
            }
            for (int x = 0; x < columns; x++) {
                out[o + x] = (short) row[x + 1];
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return out.length == rows * columns ? out : java.util.Arrays.copyOf(out, rows * columns);
    }

    private void row(int[] above, int[] row) throws DicomException {
        int x = 1;
        while (x <= columns) {
            int ra = row[x - 1];
            int rb = above[x];
            int rc = above[x - 1];
            int d1 = above[x + 1] - rb;
            int d2 = rb - rc;
            int d3 = rc - ra;
            if (Math.abs(d1) <= near && Math.abs(d2) <= near && Math.abs(d3) <= near) {
                x = run(above, row, x);
            } else {
                row[x++] =
                        regular(81 * quantized(d1) + 9 * quantized(d2) + quantized(d3), ra, rb, rc);
            }
        }
    }

    private int quantized(int d) {
        if (d <= -t3) {
            return -4;
        } else if (d <= -t2) {
            return -3;
        } else if (d <= -t1) {
            return -2;
        } else if (d < -near) {
            return -1;
        } else if (d <= near) {
            return 0;
        } else if (d < t1) {
            return 1;
        } else if (d < t2) {
            return 2;
        } else if (d < t3) {
            return 3;
        }
        return 4;
    }

    /** T.87 A.4 to A.6. */
    private int regular(int context, int ra, int rb, int rc) throws DicomException {
        boolean negative = context < 0;
        int q = negative ? -context : context;
        int px =
                rc >= Math.max(ra, rb)
                        ? Math.min(ra, rb)
                        : rc <= Math.min(ra, rb) ? Math.max(ra, rb) : ra + rb - rc;
        px += negative ? -c[q] : c[q];
        px = Math.max(0, Math.min(maxVal, px));
        int k = golombParameter(n[q], a[q]);
        int mapped = golomb(k, limit);
        int error;
        if (near == 0 && k == 0 && 2 * b[q] <= -n[q]) {
            error = (mapped & 1) != 0 ? mapped >> 1 : -(mapped >> 1) - 1;
        } else {
            error = (mapped & 1) != 0 ? -(mapped >> 1) - 1 : mapped >> 1;
        }
        b[q] += error * (2 * near + 1);
        a[q] = Math.min(a[q] + Math.abs(error), MOST_ACCUMULATED);
        if (n[q] == reset) {
            a[q] >>= 1;
            b[q] = b[q] >= 0 ? b[q] >> 1 : -((1 - b[q]) >> 1);
            n[q] >>= 1;
        }
        n[q]++;
        if (b[q] <= -n[q]) {
            b[q] = Math.max(b[q] + n[q], 1 - n[q]);
            if (c[q] > MIN_C) {
                c[q]--;
            }
        } else if (b[q] > 0) {
            b[q] = Math.min(b[q] - n[q], 0);
            if (c[q] < MAX_C) {
                c[q]++;
            }
        }
        return reconstructed(px, negative ? -error : error);
    }

    private int reconstructed(int px, int error) {
        int rx = px + error * (2 * near + 1);
        if (rx < -near) {
            rx += range * (2 * near + 1);
        } else if (rx > maxVal + near) {
            rx -= range * (2 * near + 1);
        }
        return Math.max(0, Math.min(maxVal, rx));
    }

    /** T.87 A.7: gives the index behind the run and the sample that ends it. */
    private int run(int[] above, int[] row, int start) throws DicomException {
        int x = start;
        int ra = row[start - 1];
        while (x <= columns && bit() == 1) {
            int length = Math.min(1 << J[runIndex], columns + 1 - x);
            java.util.Arrays.fill(row, x, x + length, ra);
            x += length;
            if (length == 1 << J[runIndex] && runIndex < 31) {
                runIndex++;
            }
            if (invented > count) {
                throw new DicomException("the JPEG-LS image is cut off in a run");
            }
        }
        if (x > columns) {
            return x;
        }
        int rest = J[runIndex] == 0 ? 0 : read(J[runIndex]);
        if (x + rest > columns) {
            throw new DicomException("a JPEG-LS run is longer than its row");
        }
        java.util.Arrays.fill(row, x, x + rest, ra);
        x += rest;
        row[x] = interruption(ra, above[x]);
        if (runIndex > 0) {
            runIndex--;
        }
        return x + 1;
    }

    private int interruption(int ra, int rb) throws DicomException {
        int type = Math.abs(ra - rb) <= near ? 1 : 0;
        int q = REGULAR_CONTEXTS + type;
        int temp = type == 0 ? a[q] : a[q] + (n[q] >> 1);
        int k = golombParameter(n[q], temp);
        int mapped = golomb(k, limit - J[runIndex] - 1);
        int map = (mapped + type) & 1;
        int size = (mapped + type + map) / 2;
        boolean oddIsNegative = k != 0 || 2 * nn[type] >= n[q];
        int error = oddIsNegative == (map == 1) ? -size : size;
        if (error < 0) {
            nn[type]++;
        }
        a[q] = Math.min(a[q] + ((mapped + 1 - type) >> 1), MOST_ACCUMULATED);
        if (n[q] == reset) {
            a[q] >>= 1;
            n[q] >>= 1;
            nn[type] >>= 1;
        }
        n[q]++;
        if (type == 1) {
            return reconstructed(ra, error);
        }
        return reconstructed(rb, ra > rb ? -error : error);
    }

    /** T.87 A.5.1. */
    private static int golombParameter(int count, int accumulated) {
        int k = 0;
        while ((long) count << k < accumulated) {
            k++;
        }
        return k;
    }

    /** A Golomb code of limited length (T.87 A.5.3). */
    private int golomb(int k, int most) throws DicomException {
        int zeros = 0;
        int escape = most - qbpp - 1;
        while (true) {
            if (count < 40) {
                refill();
            }
            int here = Long.numberOfLeadingZeros(bits | 1);
            if (here < count) {
                zeros += here;
                skip(here + 1);
                break;
            }
            zeros += count;
            skip(count);
            if (zeros > escape) {
                break;
            }
        }
        if (zeros > escape) {
            throw new DicomException("JPEG-LS data hold a code that is too long");
        }
        if (zeros < escape) {
            if (k > 24) {
                throw new DicomException("JPEG-LS data hold a code that is too long");
            }
            return k == 0 ? zeros : (zeros << k) + read(k);
        }
        return read(qbpp) + 1;
    }

    private int bit() {
        return read(1);
    }

    private int read(int length) {
        if (count < length) {
            refill();
        }
        int v = (int) (bits >>> (64 - length));
        skip(length);
        return v;
    }

    private void skip(int length) {
        bits = length == 64 ? 0 : bits << length;
        count -= length;
    }

    /** After a byte FF the next has seven bits; one with the eighth set is a marker. */
    private void refill() {
        while (count <= 56) {
            int next = at < data.length ? data[at] & 0xFF : 0xFF;
            int width = last == 0xFF ? 7 : 8;
            if (at >= data.length || (width == 7 && next > 0x7F)) {
                count += 8;
                invented += 8;
                continue;
            }
            at++;
            last = next;
            bits |= (long) next << (64 - width - count);
            count += width;
        }
    }
}
