package org.negvol.dicom;

/**
 * The stored values of one frame of a monochrome image, before any look-up table.
 *
 * @param isSigned Pixel Representation (0028,0103): whether the values are signed; if not, each
 *     stands for a number from 0 to 65535
 * @param values rows × columns values, row by row; the record does not copy them
 */
@SuppressWarnings("ArrayRecordComponent") // A frame is read once and handed on; nobody compares it.
public record PixelFrame(int rows, int columns, boolean isSigned, short[] values) {

    public PixelFrame {
        if (values.length != rows * columns) {
            throw new IllegalArgumentException(
                    "%d values for %d × %d pixels".formatted(values.length, rows, columns));
        }
    }

    /** The stored value of a pixel. */
    public int get(int row, int column) {
        short v = values[row * columns + column];
        return isSigned ? v : v & 0xFFFF;
    }
}
