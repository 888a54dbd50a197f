package org.negvol.archive;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of objects: {@code yyyy/mm/dd/STUDY/SERIES/INSTANCE-HASH.dcm}.
 *
 * <p>The day of arrival comes first so that what a crash left behind is found without walking the
 * whole store; the hash of the content comes last so that two contents under one SOP Instance UID
 * never share a name.
 */
final class ObjectKey {

    /** PS3.5 section 9.1, but lenient towards leading zeros, which real devices send. */
    private static final Pattern UID_FORM = Pattern.compile("[0-9]+(\\.[0-9]+)*");

    private static final int HASH_DIGITS = 16;

    private ObjectKey() {}

    /** Whether a UID is harmless as a name of a file or folder. */
    static boolean isSafe(String uid) {
        return uid.length() <= 64 && UID_FORM.matcher(uid).matches();
    }

    static String of(
            Instant receivedAt, String studyUid, String seriesUid, String sopUid, String sha256) {
        if (!isSafe(studyUid) || !isSafe(seriesUid) || !isSafe(sopUid)) {
            throw new IllegalArgumentException("not made of UIDs");
        }
        LocalDate day = receivedAt.atZone(ZoneOffset.UTC).toLocalDate();
        return "%s/%s/%s/%s-%s.dcm"
                .formatted(
                        prefix(day), studyUid, seriesUid, sopUid, sha256.substring(0, HASH_DIGITS));
    }

    /** Whether the name is that of this content. */
    static boolean names(String key, String sha256) {
        return key.endsWith("-" + sha256.substring(0, HASH_DIGITS) + ".dcm");
    }

    static String prefix(LocalDate day) {
        return "%04d/%02d/%02d".formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
    }

    /** The day a prefix names, if it is one. */
    static Optional<LocalDate> day(String prefix) {
        return prefix.matches("\\d{4}/\\d{2}/\\d{2}")
                ? Optional.of(LocalDate.parse(prefix.replace('/', '-')))
                : Optional.empty();
    }

    /** The day a key was made on; empty for a name that is no key. */
    static Optional<LocalDate> arrivalDay(String key) {
        return day(key.substring(0, Math.min(10, key.length())));
    }
}
