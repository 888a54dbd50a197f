package org.negvol.volume;

import java.io.IOException;

/** Delivers the pixels of one slice; called from several threads at once. */
@FunctionalInterface
public interface SliceReader {

    /** Files of this machine keep so many threads busy with decoding. */
    int LOCAL_READS = 2;

    /** Takes rows of a slice, from the first one on. */
    @FunctionalInterface
    interface RowSink {
        /**
         * @param row which row
         * @param hu holds its values; valid during the call only
         * @param offset where they begin
         */
        void row(int row, short[] hu, int offset);
    }

    /**
     * @return rows × columns values in HU, row by row; padding is {@link CtSeries#AIR_HU}
     * @throws IOException if the image cannot be read or decoded
     */
    short[] readHu(SliceHeader slice) throws IOException;

    /**
     * Reads some of the rows, which may cost less than all of them.
     *
     * @param first the first row
     * @param end the row behind the last one
     * @throws IOException if the image cannot be read or decoded, or has another size
     */
    default void readRows(SliceHeader slice, int first, int end, RowSink sink) throws IOException {
        short[] hu = readHu(slice);
        if (hu.length != slice.rows() * slice.columns()) {
            throw new IOException(
                    "image %s has %d pixels instead of %d × %d"
                            .formatted(
                                    slice.sopInstanceUid(),
                                    hu.length,
                                    slice.columns(),
                                    slice.rows()));
        }
        for (int row = first; row < end; row++) {
            sink.row(row, hu, row * slice.columns());
        }
    }

    /**
     * A slice made coarser: each value is the mean of a square of pixels. The squares begin at the
     * first pixel; those at the right and lower edge may be cut.
     *
     * @param factor pixels along the side of a square
     * @return HU, row by row
     * @throws IOException if the image cannot be read or decoded, or has another size
     */
    default short[] readMeans(SliceHeader slice, int factor) throws IOException {
        return BlockMeans.read(this, slice, 0, slice.columns(), 0, slice.rows(), factor, factor);
    }

    /** How many slices are best read at the same time: many where each has to come from afar. */
    default int concurrentReads() {
        return LOCAL_READS;
    }
}
