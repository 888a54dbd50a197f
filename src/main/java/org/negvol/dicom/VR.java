package org.negvol.dicom;

import org.jspecify.annotations.Nullable;

/** Value representations (PS3.5 6.2). */
public enum VR {
    AE(Kind.TEXT, 1, 0x20),
    AS(Kind.TEXT, 1, 0x20),
    AT(Kind.TAG, 2, 0),
    CS(Kind.TEXT, 1, 0x20),
    DA(Kind.TEXT, 1, 0x20),
    DS(Kind.TEXT, 1, 0x20),
    DT(Kind.TEXT, 1, 0x20),
    FD(Kind.FLOAT, 8, 0),
    FL(Kind.FLOAT, 4, 0),
    IS(Kind.TEXT, 1, 0x20),
    LO(Kind.CHARACTERS, 1, 0x20),
    LT(Kind.CHARACTERS, 1, 0x20),
    OB(Kind.BYTES, 1, 0),
    OD(Kind.FLOAT, 8, 0),
    OF(Kind.FLOAT, 4, 0),
    OL(Kind.UNSIGNED, 4, 0),
    OV(Kind.UNSIGNED, 8, 0),
    OW(Kind.UNSIGNED, 2, 0),
    PN(Kind.CHARACTERS, 1, 0x20),
    SH(Kind.CHARACTERS, 1, 0x20),
    SL(Kind.SIGNED, 4, 0),
    SQ(Kind.SEQUENCE, 1, 0),
    SS(Kind.SIGNED, 2, 0),
    ST(Kind.CHARACTERS, 1, 0x20),
    SV(Kind.SIGNED, 8, 0),
    TM(Kind.TEXT, 1, 0x20),
    UC(Kind.CHARACTERS, 1, 0x20),
    UI(Kind.TEXT, 1, 0),
    UL(Kind.UNSIGNED, 4, 0),
    UN(Kind.BYTES, 1, 0),
    UR(Kind.TEXT, 1, 0x20),
    US(Kind.UNSIGNED, 2, 0),
    UT(Kind.CHARACTERS, 1, 0x20),
    UV(Kind.UNSIGNED, 8, 0);

    /** What a value is made of. */
    enum Kind {
        /** Characters of the default repertoire. */
        TEXT,
        /** Characters of the Specific Character Set. */
        CHARACTERS,
        SIGNED,
        UNSIGNED,
        FLOAT,
        /** Attribute tags. */
        TAG,
        BYTES,
        SEQUENCE
    }

    private static final @Nullable VR[] BY_CODE = new @Nullable VR[26 * 26];

    static {
        for (VR vr : values()) {
            BY_CODE[index(vr.name().charAt(0), vr.name().charAt(1))] = vr;
        }
    }

    private final Kind kind;
    private final int unitBytes;
    private final byte padding;

    VR(Kind kind, int unitBytes, int padding) {
        this.kind = kind;
        this.unitBytes = unitBytes;
        this.padding = (byte) padding;
    }

    Kind kind() {
        return kind;
    }

    /** Bytes that are swapped together where the byte order changes. */
    int unitBytes() {
        return unitBytes;
    }

    /** What fills a value up to even length. */
    byte padding() {
        return padding;
    }

    /** Whether values are text, of whichever repertoire. */
    public boolean isText() {
        return kind == Kind.TEXT || kind == Kind.CHARACTERS;
    }

    /** Whether the Specific Character Set says how values are decoded (PS3.5 6.1.2.3). */
    public boolean usesSpecificCharacterSet() {
        return kind == Kind.CHARACTERS;
    }

    /** Whether a value is an array of numbers that holds one value whatever its length (O*). */
    boolean isArray() {
        return name().charAt(0) == 'O';
    }

    /** Whether a backslash parts values; it is a character like any other in the long texts. */
    boolean isMultiValued() {
        return switch (this) {
            case LT, ST, UT, UR -> false;
            default -> true;
        };
    }

    /** Whether explicit VR writes the length in 32 bits behind two reserved bytes (PS3.5 7.1.2). */
    boolean hasLongLength() {
        return switch (this) {
            case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
            default -> false;
        };
    }

    /** The VR of two characters, or null if PS3.5 knows none. */
    static @Nullable VR of(int first, int second) {
        return isLetter(first) && isLetter(second) ? BY_CODE[index(first, second)] : null;
    }

    static boolean isLetter(int c) {
        return c >= 'A' && c <= 'Z';
    }

    private static int index(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }
}
