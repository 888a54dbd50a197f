package org.negvol.dicom;

/**
 * Symbols by their codes (ITU-T T.81 annex C); an entry is the code's length × 256 + the symbol.
 */
final class JpegHuffmanTable {

    /** Codes of so many bits are found with one look. */
    static final int LOOK = 10;

    final short[] look = new short[1 << LOOK];
    private final int[] lastCode = new int[17];
    private final int[] offset = new int[17];
    private final int[] symbols;

    /**
     * @param at where the 16 counts of a DHT segment begin
     * @param n number of symbols behind them
     * @param largest largest symbol that has a meaning
     */
    JpegHuffmanTable(byte[] data, int at, int n, int largest) throws DicomException {
        symbols = new int[n];
        int code = 0;
        int k = 0;
        for (int length = 1; length <= 16; length++) {
            int some = data[at + length - 1] & 0xFF;
            offset[length] = k - code;
            for (int i = 0; i < some; i++, code++, k++) {
                int symbol = data[at + 16 + k] & 0xFF;
                if (symbol > largest || code >= 1 << length) {
                    throw new DicomException("JPEG Huffman table out of bounds");
                }
                symbols[k] = symbol;
                if (length <= LOOK) {
                    int from = code << (LOOK - length);
                    int to = (code + 1) << (LOOK - length);
                    for (int j = from; j < to; j++) {
                        look[j] = (short) ((length << 8) | symbol);
                    }
                }
            }
            lastCode[length] = code - 1;
            code <<= 1;
        }
    }

    /** Entry of the code that 16 bits begin with. */
    int find(int next) throws DicomException {
        for (int length = LOOK + 1; length <= 16; length++) {
            int code = next >>> (16 - length);
            int k = code + offset[length];
            if (code <= lastCode[length] && k >= 0 && k < symbols.length) {
                return (length << 8) | symbols[k];
            }
        }
        throw new DicomException("JPEG data hold a code that is in no table");
    }
}
