package org.negvol.volume;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads a part of a slice, each value the mean of a block of pixels; blocks at the lower and right
 * edge may be cut.
 */
final class BlockMeans implements SliceReader.RowSink {

    private final int firstColumn;
    private final int firstRow;
    private final int endRow;
    private final int width;
    private final int height;
    private final int columns;
    private final int[] line;
    private final short[] means;

    private BlockMeans(
            int firstColumn, int endColumn, int firstRow, int endRow, int width, int height) {
        this.firstColumn = firstColumn;
        this.firstRow = firstRow;
        this.endRow = endRow;
        this.width = width;
        this.height = height;
        columns = Math.ceilDiv(endColumn - firstColumn, width);
        line = new int[endColumn - firstColumn];
        means = new short[columns * Math.ceilDiv(endRow - firstRow, height)];
    }

    /**
     * @param width of a block, in columns
     * @param height of a block, in rows
     * @return HU of the blocks, row by row
     */
    static short[] read(
            SliceReader reader,
            SliceHeader slice,
            int firstColumn,
            int endColumn,
            int firstRow,
            int endRow,
            int width,
            int height)
            throws IOException {
        BlockMeans blocks = new BlockMeans(firstColumn, endColumn, firstRow, endRow, width, height);
        reader.readRows(slice, firstRow, endRow, blocks);
        return blocks.means;
    }

    @Override
    public void row(int row, short[] hu, int offset) {
        int from = offset + firstColumn;
        if (width == 1 && height == 1) {
            System.arraycopy(hu, from, means, (row - firstRow) * columns, columns);
            return;
        }
        for (int i = 0; i < line.length; i++) {
            line[i] += hu[from + i];
        }
        int rows = (row - firstRow) % height + 1;
        if (rows == height || row == endRow - 1) {
            finish((row - firstRow) / height, rows);
            Arrays.fill(line, 0);
        }
    }

    /** Adds the columns of a row of blocks up, block by block. */
    private void finish(int blockRow, int rows) {
        int at = 0;
        for (int i = 0; i < columns; i++) {
            int end = Math.min(at + width, line.length);
            int n = (end - at) * rows;
            int s = 0;
            while (at < end) {
                s += line[at++];
            }
            means[blockRow * columns + i] = (short) Math.round((float) s / n);
        }
    }
}
