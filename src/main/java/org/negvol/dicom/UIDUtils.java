package org.negvol.dicom;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.UUID;

/** Makes and judges unique identifiers (PS3.5 section 9 and annex B). */
public final class UIDUtils {

    /** Longest UID, PS3.5 9.1. */
    public static final int MAX_LENGTH = 64;

    private UIDUtils() {}

    /** A new UID under 2.25 from a random UUID (PS3.5 B.2). */
    public static String createUID() {
        UUID uuid = UUID.randomUUID();
        return of(
                ByteBuffer.allocate(16)
                        .putLong(uuid.getMostSignificantBits())
                        .putLong(uuid.getLeastSignificantBits())
                        .array());
    }

    /**
     * The UID under 2.25 that stands for these names: a version 8 UUID (RFC 9562 5.8) made of the
     * first 122 bits of SHA-256 over the names joined by a vertical bar. The same names give the
     * same UID, always and everywhere.
     */
    public static String createNameBasedUID(String... names) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(String.join("|", names).getBytes(StandardCharsets.UTF_8));
            byte[] uuid = Arrays.copyOf(hash, 16);
            uuid[6] = (byte) ((uuid[6] & 0x0F) | 0x80);
            uuid[8] = (byte) ((uuid[8] & 0x3F) | 0x80);
            return of(uuid);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Whether the text is a UID: at most 64 characters, numbers without leading zeros parted by
     * dots. It is then safe as a file name.
     */
    public static boolean isValid(String uid) {
        if (uid.isEmpty() || uid.length() > MAX_LENGTH) {
            return false;
        }
        int start = 0;
        for (int i = 0; i <= uid.length(); i++) {
            char c = i < uid.length() ? uid.charAt(i) : '.';
            if (c == '.') {
                if (i == start || (uid.charAt(start) == '0' && i > start + 1)) {
                    return false;
                }
                start = i + 1;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the text can stand for a UID: as {@link #isValid}, but numbers may have leading
     * zeros, which real devices send. It is safe as a file name too.
     */
    public static boolean isUsable(String uid) {
        if (uid.isEmpty() || uid.length() > MAX_LENGTH) {
            return false;
        }
        char before = '.';
        for (int i = 0; i < uid.length(); i++) {
            char c = uid.charAt(i);
            if (c == '.' ? before == '.' : c < '0' || c > '9') {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    private static String of(byte[] uuid) {
        return "2.25." + new BigInteger(1, uuid);
    }
}
