package org.negvol.dimse;

/** Is this an AE title? VR AE of PS3.5 6.2 without padding. */
final class AeTitles {
    private static final int MAX_LENGTH = 16;

    private AeTitles() {}

    static boolean isValid(String title) {
        return !title.isEmpty()
                && title.length() <= MAX_LENGTH
                && title.equals(title.strip())
                && title.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '\\');
    }

    static void requireValid(String title) {
        if (!isValid(title)) {
            throw new IllegalArgumentException(
                    "'%s' is no AE title: 1 to 16 characters, no backslash, no space at either end"
                            .formatted(title));
        }
    }
}
