package org.negvol.volume;

import java.util.ArrayList;
import java.util.List;

/** A stack of slices together with the means to read them. */
public record CtSeries(SliceStack.Stack stack, SliceReader reader) {

    /** What lies outside the scan, in HU: the lowest value of a twelve-bit CT. */
    public static final short AIR_HU = -1024;

    public VolumeGeometry geometry() {
        return stack.geometry();
    }

    /**
     * A series whose slices are held in memory.
     *
     * @param hu of each slice of the grid, row by row
     */
    public static CtSeries inMemory(VolumeGeometry grid, short[][] hu) {
        if (hu.length != grid.slices()) {
            throw new IllegalArgumentException(
                    "%d images for %d slices".formatted(hu.length, grid.slices()));
        }
        List<SliceHeader> headers = new ArrayList<>();
        for (int k = 0; k < grid.slices(); k++) {
            headers.add(
                    new SliceHeader(
                            "2.25." + (k + 1),
                            0,
                            "2.25.1000",
                            "2.25.1001",
                            "CT",
                            List.of("ORIGINAL", "PRIMARY", "AXIAL"),
                            grid.rows(),
                            grid.columns(),
                            null,
                            1,
                            0,
                            String.valueOf(k)));
        }
        return new CtSeries(
                new SliceStack.Stack(grid, headers, List.of(), 0),
                slice -> hu[Integer.parseInt(slice.source())]);
    }
}
