package org.negvol.archive;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.negvol.dicom.UIDUtils;

/**
 * Names of objects: {@code yyyy/mm/dd/STUDY/SERIES/INSTANCE-HASH.dcm}.
 *
 * <p>The day of arrival comes first so that what a crash left behind is found without walking the
 * whole store; the hash of the content comes last so that two contents under one SOP Instance UID
 * never share a name.
 */
final class ObjectKey {

    private static final int HASH_DIGITS = 16;

    private ObjectKey() {}

    static String of(
            Instant receivedAt, String studyUid, String seriesUid, String sopUid, String sha256) {
        if (!UIDUtils.isUsable(studyUid)
                || !UIDUtils.isUsable(seriesUid)
                || !UIDUtils.isUsable(sopUid)) {
            throw new IllegalArgumentException("not made of UIDs");
        }
        LocalDate day = receivedAt.atZone(ZoneOffset.UTC).toLocalDate();
        return prefix(day) + '/' + studyUid + '/' + seriesUid + '/' + sopUid + ending(sha256);
    }

    /** Whether the name is that of this content. */
    static boolean names(String key, String sha256) {
        return key.endsWith(ending(sha256));
    }

    private static String ending(String sha256) {
        return "-" + sha256.substring(0, HASH_DIGITS) + ".dcm";
    }

    static String prefix(LocalDate day) {
        return day.toString().replace('-', '/');
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
