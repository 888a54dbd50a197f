package org.negvol.dicom;

import java.util.function.IntPredicate;

/**
 * Which fragments of encapsulated pixel data make up a frame? (PS3.5 A.4)
 *
 * @param frames how many frames there are
 * @param lengths of the fragments without the offset table, bytes
 * @param startsImage whether a fragment begins as a JPEG image does
 * @param offsets where each frame begins, counted from the first fragment's item; empty if no table
 *     says so
 */
@SuppressWarnings("ArrayRecordComponent") // Asked and forgotten; nobody compares it.
record FrameFragments(int frames, int[] lengths, IntPredicate startsImage, long[] offsets) {

    /** An item's tag and length before the bytes of each fragment. */
    private static final int ITEM_HEADER = 8;

    /** Fragments that follow each other, the last one excluded. */
    record Range(int from, int end) {}

    /** The fragments of a frame, counted from 0. */
    Range of(int frame) throws DicomException {
        if (frames == 1) {
            return new Range(0, lengths.length);
        }
        if (lengths.length == frames) {
            return new Range(frame, frame + 1);
        }
        Range found = offsets.length == frames ? between(frame) : new Range(0, 0);
        if (found.from == found.end) {
            found = byStartOfImage(frame);
        }
        if (found.from == found.end) {
            throw new DicomException(Tag.PixelData, "no fragment holds frame " + (frame + 1));
        }
        return found;
    }

    /** From a frame's offset to the next one's; empty if no fragment starts there. */
    private Range between(int frame) {
        long end = frame + 1 < frames ? offsets[frame + 1] : Long.MAX_VALUE;
        int first = -1;
        int k = 0;
        for (long at = 0; k < lengths.length && at < end; k++) {
            if (at == offsets[frame]) {
                first = k;
            }
            at += ITEM_HEADER + (long) lengths[k] + (lengths[k] & 1);
        }
        return first < 0 ? new Range(0, 0) : new Range(first, k);
    }

    /** Without a table of use, a frame starts where a JPEG image does. */
    private Range byStartOfImage(int frame) {
        int n = -1;
        int first = 0;
        for (int k = 0; k < lengths.length; k++) {
            if (startsImage.test(k)) {
                if (n == frame) {
                    return new Range(first, k);
                }
                n++;
                first = k;
            }
        }
        return n == frame ? new Range(first, lengths.length) : new Range(0, 0);
    }

    /** Whether bytes begin with the marker SOI. */
    static boolean startsImage(byte[] fragment) {
        return fragment.length > 1 && fragment[0] == (byte) 0xFF && fragment[1] == (byte) 0xD8;
    }

    /**
     * The offsets by the Extended Offset Table, or else the basic one.
     *
     * @param basicTable the item before the fragments
     */
    static long[] offsets(Attributes image, int frames, byte[] basicTable) {
        long[] extended = image.getLongs(Tag.ExtendedOffsetTable);
        if (extended.length == frames) {
            return extended;
        }
        long[] offsets = new long[basicTable.length / 4];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] =
                    (basicTable[4 * i] & 0xFF)
                            | (basicTable[4 * i + 1] & 0xFF) << 8
                            | (basicTable[4 * i + 2] & 0xFF) << 16
                            | (basicTable[4 * i + 3] & 0xFFL) << 24;
        }
        return offsets;
    }
}
