package org.negvol.dicom;

import java.util.List;
import java.util.Locale;

/**
 * Does a data set match the keys of a query (PS3.4 C.2.2.2)? Single value, list of UIDs, wildcard,
 * range, sequence and universal matching. Names match whatever their case (C.2.2.2.1), all else as
 * written. Several values of a key mean any of them.
 */
public final class KeyMatching {

    private KeyMatching() {}

    /**
     * Whether the data set matches all keys.
     *
     * @param keys elements to match; empty ones match everything
     */
    public static boolean matches(Attributes keys, Attributes dataset) {
        for (int tag : keys.tags()) {
            if (isKey(tag) && !matches(keys, tag, dataset)) {
                return false;
            }
        }
        return true;
    }

    /** Whether an element of an identifier is to be matched, rather than about the query itself. */
    public static boolean isKey(int tag) {
        return (tag & 0xFFFF) != 0
                && tag != Tag.SpecificCharacterSet
                && tag != Tag.TimezoneOffsetFromUTC
                && tag != Tag.QueryRetrieveLevel
                && tag != Tag.QueryRetrieveView;
    }

    /** Whether an element of the keys asks for anything but to be returned. */
    public static boolean restricts(Attributes keys, int tag) {
        if (keys.getVR(tag) == VR.SQ) {
            Attributes item = keys.getNestedDataset(tag);
            if (item == null) {
                return false;
            }
            for (int t : item.tags()) {
                if (isKey(t) && restricts(item, t)) {
                    return true;
                }
            }
            return false;
        }
        for (String value : keys.getStrings(tag)) {
            if (!value.isEmpty() && !value.chars().allMatch(c -> c == '*')) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(Attributes keys, int tag, Attributes dataset) {
        if (!restricts(keys, tag)) {
            return true;
        }
        VR vr = keys.getVR(tag);
        if (vr == VR.SQ) {
            Attributes key = keys.getNestedDataset(tag);
            List<Attributes> items = dataset.getSequence(tag);
            return key != null && items.stream().anyMatch(item -> matches(key, item));
        }
        String[] values = dataset.getStrings(tag);
        for (String wanted : keys.getStrings(tag)) {
            for (String value : values) {
                if (vr != null && !value.isEmpty() && matches(vr, wanted, value)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean matches(VR vr, String key, String value) {
        return switch (vr) {
            case DA, TM, DT -> moment(vr, key, value);
            case PN -> name(key, value);
            case AE, CS, LO, LT, SH, ST, UC, UR, UT -> wildcard(key, value);
            case IS, DS, US, SS, UL, SL, UV, SV, FL, FD -> number(key, value);
            default -> key.equals(value);
        };
    }

    /** PS3.4 C.2.2.2.4: {@code *} is any number of characters, {@code ?} is one. */
    static boolean wildcard(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            char c = p < pattern.length() ? pattern.charAt(p) : 0;
            if (c == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length() && (c == '?' || c == text.charAt(t))) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    /**
     * A key with one component group is looked for in each of the three of a name (alphabetic,
     * ideographic, phonetic); one with more, group by group. Delimiters at the end mean nothing.
     */
    private static boolean name(String key, String value) {
        String[] wanted = fold(key).split("=", -1);
        String[] groups = fold(value).split("=", -1);
        if (wanted.length == 1) {
            for (String group : groups) {
                if (wildcard(trimmed(wanted[0]), trimmed(group))) {
                    return true;
                }
            }
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            String group = i < groups.length ? groups[i] : "";
            if (!wanted[i].isEmpty() && !wildcard(trimmed(wanted[i]), trimmed(group))) {
                return false;
            }
        }
        return true;
    }

    private static String fold(String s) {
        return s.toLowerCase(Locale.ROOT);
    }

    private static String trimmed(String group) {
        int to = group.length();
        while (to > 0 && (group.charAt(to - 1) == '^' || group.charAt(to - 1) == ' ')) {
            to--;
        }
        return group.substring(0, to);
    }

    private static boolean number(String key, String value) {
        try {
            return Double.parseDouble(key) == Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return key.equals(value);
        }
    }

    /** PS3.4 C.2.2.2.5. A moment of less precision stands for all of its minutes or days. */
    private static boolean moment(VR vr, String key, String value) {
        int dash = dash(vr, key);
        String low = dash < 0 ? key : key.substring(0, dash);
        String high = dash < 0 ? key : key.substring(dash + 1);
        String is = digits(vr, value);
        String from = digits(vr, low);
        String to = digits(vr, high);
        return (from.isEmpty() || padded(is, '0').compareTo(padded(from, '0')) >= 0)
                && (to.isEmpty() || padded(is, '0').compareTo(padded(to, '9')) <= 0);
    }

    /** Where a range has its hyphen, which in a date time may also begin an offset from UTC. */
    private static int dash(VR vr, String key) {
        if (vr != VR.DT) {
            return key.indexOf('-');
        }
        for (int i = key.indexOf('-'); i >= 0; i = key.indexOf('-', i + 1)) {
            boolean offset =
                    i > 0
                            && key.length() >= i + 5
                            && key.substring(i + 1, i + 5).matches("(0\\d|1[0-4])[0-5]\\d")
                            && (key.length() == i + 5 || key.charAt(i + 5) == '-');
            if (!offset) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The digits of a date or time without what separates them in data sets of ACR-NEMA, and
     * without offset from UTC.
     */
    private static String digits(VR vr, String s) {
        String t = s;
        if (vr == VR.DT) {
            t = t.replaceFirst("[+-]\\d{4}$", "");
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < t.length(); i++) {
            char c = t.charAt(i);
            if (c >= '0' && c <= '9') {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static final int LONGEST_MOMENT = 20;

    private static String padded(String digits, char with) {
        return digits.length() >= LONGEST_MOMENT
                ? digits
                : digits + String.valueOf(with).repeat(LONGEST_MOMENT - digits.length());
    }
}
