package org.negvol.dimse;

import java.util.Arrays;

/**
 * An immutable run of bytes whose meaning belongs to someone else: a credential, the answer to one,
 * the application information of an extended negotiation.
 */
public final class Octets {

    /** No bytes. */
    public static final Octets EMPTY = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the given bytes. */
    public static Octets of(byte... bytes) {
        return bytes.length == 0 ? EMPTY : new Octets(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** The byte at an index, 0 to 255; 0 beyond the end, as short application information means. */
    public int at(int index) {
        return index < bytes.length ? bytes[index] & 0xff : 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Length only: the bytes may be a password. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
