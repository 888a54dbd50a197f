package org.negvol.dicom;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What PS3.6 and PS3.7 say of a tag. */
public final class ElementDictionary {

    /**
     * A line of the dictionary.
     *
     * @param tag the tag, zeros where it has wildcards
     * @param vr as the standard writes it: {@code US or SS} for some
     * @param vm value multiplicity as the standard writes it, {@code 1-n}
     * @param keyword empty for a few retired elements
     */
    public record Entry(
            int tag, String vr, String vm, String keyword, String name, boolean retired) {

        /** The VR of the element, the more general one where the standard leaves a choice. */
        VR defaultVr() {
            return switch (vr) {
                case "US or SS" -> VR.US;
                case "OB or OW", "US or OW", "US or SS or OW" -> VR.OW;
                case "NONE" -> VR.UN;
                default -> VR.valueOf(vr);
            };
        }
    }

    private static final int[] TAGS;
    private static final VR[] VRS;
    private static final Entry[] ENTRIES;
    private static final Map<String, Entry> BY_KEYWORD = new HashMap<>();

    /** Entries whose tag has wildcards, with the mask of the digits that count. */
    private static final Map<Entry, Integer> REPEATING = new HashMap<>();

    static {
        int lines = 0;
        for (String chunk : DictionaryTables.elements()) {
            lines += (int) chunk.lines().count();
        }
        TAGS = new int[lines];
        VRS = new VR[lines];
        ENTRIES = new Entry[lines];
        int n = 0;
        for (String chunk : DictionaryTables.elements()) {
            for (String line : chunk.split("\n", 0)) {
                String[] cell = line.split("\t", 6);
                Entry e =
                        new Entry(
                                Integer.parseUnsignedInt(cell[0].replace('x', '0'), 16),
                                cell[1],
                                cell[2],
                                cell[3],
                                cell[4],
                                !cell[5].isEmpty());
                TAGS[n] = e.tag;
                VRS[n] = e.defaultVr();
                ENTRIES[n++] = e;
                BY_KEYWORD.put(e.keyword, e);
                if (cell[0].indexOf('x') >= 0) {
                    String mask = cell[0].replaceAll("[^x]", "F").replace('x', '0');
                    REPEATING.put(e, Integer.parseUnsignedInt(mask, 16));
                }
            }
        }
    }

    private ElementDictionary() {}

    /** The line of a tag, or null if the standard has none. */
    public static @Nullable Entry find(int tag) {
        int i = indexOf(tag);
        return i < 0 ? null : ENTRIES[i];
    }

    /** The line of a keyword, or null if the standard has none. */
    public static @Nullable Entry find(String keyword) {
        return keyword.isEmpty() ? null : BY_KEYWORD.get(keyword);
    }

    /**
     * The VR of a tag: of the dictionary, LO for private creators, UL for group lengths, else UN.
     * Where the standard leaves a choice, US (of US or SS) or OW.
     */
    public static VR vrOf(int tag) {
        int i = indexOf(tag);
        if (i >= 0) {
            return VRS[i];
        }
        if ((tag & 0xFFFF) == 0) {
            return VR.UL;
        }
        return isPrivateCreator(tag) ? VR.LO : VR.UN;
    }

    /** Whether the standard lets Pixel Representation choose between US and SS (PS3.5 A.1). */
    static boolean isUnsignedOrSigned(int tag) {
        int i = indexOf(tag);
        return i >= 0 && ENTRIES[i].vr.startsWith("US or SS");
    }

    /** The keyword of a tag, or its number as {@code (gggg,eeee)} where it has none. */
    public static String keywordOf(int tag) {
        Entry e = find(tag);
        return e == null || e.keyword.isEmpty() ? toString(tag) : e.keyword;
    }

    /** {@code (gggg,eeee)}, hexadecimal. */
    public static String toString(int tag) {
        return "(%04X,%04X)".formatted(tag >>> 16, tag & 0xFFFF);
    }

    /** Whether the group is odd. */
    public static boolean isPrivate(int tag) {
        return (tag & 0x10000) != 0;
    }

    /** Whether the element reserves a block of private elements (PS3.5 7.8.1). */
    public static boolean isPrivateCreator(int tag) {
        int element = tag & 0xFFFF;
        return isPrivate(tag) && element >= 0x10 && element <= 0xFF;
    }

    private static int indexOf(int tag) {
        int i = search(tag);
        if (i >= 0) {
            return i;
        }
        int group = tag >>> 16;
        // Only these groups have wildcards, so that private and unknown tags cost no walk.
        if (group == 0x0020
                || group == 0x0028
                || group == 0x1000
                || group == 0x1010
                || ((group & 1) == 0 && (group >>> 8 == 0x50 || group >>> 8 == 0x60))
                || ((group & 1) == 0 && group >>> 8 == 0x7F)) {
            for (Map.Entry<Entry, Integer> e : REPEATING.entrySet()) {
                if ((tag & e.getValue()) == e.getKey().tag) {
                    return search(e.getKey().tag);
                }
            }
        }
        return -1;
    }

    /** Tags ascend as unsigned numbers; all of the upper half come last. */
    private static int search(int tag) {
        int low = 0;
        int high = TAGS.length - 1;
        while (low <= high) {
            int mid = (low + high) >>> 1;
            int c = Integer.compareUnsigned(TAGS[mid], tag);
            if (c == 0) {
                return mid;
            }
            if (c < 0) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return -1;
    }

    /** All lines, by tag. */
    static Iterable<Entry> entries() {
        return Arrays.asList(ENTRIES);
    }
}
