package org.negvol.volume;

/** A stack of slices together with the means to read them. */
public record CtSeries(SliceStack.Stack stack, SliceReader reader) {

    /** What lies outside the scan, in HU: the lowest value of a twelve-bit CT. */
    public static final short AIR_HU = -1024;

    public VolumeGeometry geometry() {
        return stack.geometry();
    }
}
