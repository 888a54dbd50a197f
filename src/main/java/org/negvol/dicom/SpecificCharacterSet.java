package org.negvol.dicom;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and encodes text by the values of Specific Character Set (0008,0005), PS3.3 C.12.1.1.2
 * and PS3.5 6.1.2, with code extensions by ISO 2022 escape sequences.
 *
 * <p>Reading is lenient: bytes above 127 where no character set was declared are read as Latin
 * alphabet 1, as are texts of a character set that is not known. Writing is strict: what the
 * character set cannot express is refused.
 */
final class SpecificCharacterSet {

    /** Where no value is given: the default repertoire, ISO 646. */
    static final SpecificCharacterSet DEFAULT =
            new SpecificCharacterSet(new String[0], List.of(Repertoire.ISO_6));

    private static final byte ESC = 0x1B;

    /** How the bytes of a set are made into characters. */
    private enum Coding {
        /** One byte a character; the lower half is ISO 646. */
        SINGLE,
        /** Two bytes of the lower half a character, invoked in G0. */
        DOUBLE_G0,
        /** ISO 646 below, two bytes of the upper half a character, invoked in G1. */
        DOUBLE_G1,
        /** A whole encoding of its own, without code extensions. */
        WHOLE
    }

    /**
     * The defined terms; those with an escape sequence may be extensions (PS3.3 C.12-3, C.12-4).
     */
    private enum Repertoire {
        ISO_6("6", "US-ASCII", Coding.SINGLE, "(B"),
        ISO_100("100", "ISO-8859-1", Coding.SINGLE, "-A"),
        ISO_101("101", "ISO-8859-2", Coding.SINGLE, "-B"),
        ISO_109("109", "ISO-8859-3", Coding.SINGLE, "-C"),
        ISO_110("110", "ISO-8859-4", Coding.SINGLE, "-D"),
        ISO_144("144", "ISO-8859-5", Coding.SINGLE, "-L"),
        ISO_127("127", "ISO-8859-6", Coding.SINGLE, "-G"),
        ISO_126("126", "ISO-8859-7", Coding.SINGLE, "-F"),
        ISO_138("138", "ISO-8859-8", Coding.SINGLE, "-H"),
        ISO_148("148", "ISO-8859-9", Coding.SINGLE, "-M"),
        ISO_203("203", "ISO-8859-15", Coding.SINGLE, "-b"),
        ISO_166("166", "TIS-620", Coding.SINGLE, "-T"),
        ISO_13("13", "JIS_X0201", Coding.SINGLE, ")I"),
        ISO_87("87", "x-JIS0208", Coding.DOUBLE_G0, "$B"),
        ISO_159("159", "JIS_X0212-1990", Coding.DOUBLE_G0, "$(D"),
        ISO_149("149", "EUC-KR", Coding.DOUBLE_G1, "$)C"),
        ISO_58("58", "GB2312", Coding.DOUBLE_G1, "$)A"),
        ISO_192("192", "UTF-8", Coding.WHOLE, ""),
        GB18030("GB18030", "GB18030", Coding.WHOLE, ""),
        GBK("GBK", "GBK", Coding.WHOLE, "");

        final String number;
        final Charset charset;
        final Coding coding;
        final String escape;

        Repertoire(String number, String charset, Coding coding, String escape) {
            this.number = number;
            this.charset = Charset.forName(charset);
            this.coding = coding;
            this.escape = escape;
        }

        static @Nullable Repertoire of(String term) {
            String t = term.strip();
            // Devices write ISO_IR_100, ISO-IR 100, ISO IR 100 and ISO2022 IR 100 as well.
            String number =
                    t.replaceFirst("^ISO[ _-]?(2022)?[ _-]?IR[ _-]?", "").replaceFirst("^0+", "");
            for (Repertoire r : values()) {
                if (r.number.equals(number)) {
                    return r;
                }
            }
            return t.isEmpty() ? ISO_6 : null;
        }
    }

    private final String[] terms;
    private final List<Repertoire> repertoires;

    private SpecificCharacterSet(String[] terms, List<Repertoire> repertoires) {
        this.terms = terms;
        this.repertoires = repertoires;
    }

    /** The character set of the values of (0008,0005). */
    static SpecificCharacterSet of(String... terms) {
        if (terms.length == 0 || (terms.length == 1 && terms[0].isBlank())) {
            return DEFAULT;
        }
        List<Repertoire> repertoires = new ArrayList<>();
        for (String term : terms) {
            Repertoire r = Repertoire.of(term);
            if (r != null) {
                repertoires.add(r);
            }
        }
        if (repertoires.isEmpty()) {
            repertoires.add(Repertoire.ISO_100);
        } else if (isDoubleG0(repertoires.getFirst())) {
            // Not allowed as the first value, but written: the initial set is ISO 646 then.
            repertoires.addFirst(Repertoire.ISO_6);
        }
        return new SpecificCharacterSet(terms.clone(), List.copyOf(repertoires));
    }

    /** The values of (0008,0005). */
    String[] terms() {
        return terms.clone();
    }

    /** Whether nothing was declared. */
    boolean isDefault() {
        return terms.length == 0;
    }

    /** Whether the same bytes mean the same text in both. */
    boolean isSameAs(SpecificCharacterSet other) {
        return repertoires.equals(other.repertoires);
    }

    String decode(byte[] bytes, VR vr) {
        boolean plain = true;
        for (byte b : bytes) {
            if (b < 0 || b == ESC) {
                plain = false;
                break;
            }
        }
        Repertoire initial = repertoires.getFirst();
        if (plain) {
            return new String(bytes, StandardCharsets.US_ASCII);
        }
        if (initial.coding == Coding.WHOLE) {
            return new String(bytes, initial.charset);
        }
        return new Decoder(bytes, vr, initial).decode();
    }

    /**
     * @throws CharacterCodingException if the text holds a character that this set has not
     */
    byte[] encode(String text, VR vr) throws CharacterCodingException {
        boolean plain = true;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7F) {
                plain = false;
                break;
            }
        }
        if (plain) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        Repertoire initial = repertoires.getFirst();
        if (initial.coding == Coding.WHOLE
                || (repertoires.size() == 1 && initial.coding == Coding.SINGLE)) {
            ByteBuffer b = encoder(initial).encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[b.remaining()];
            b.get(bytes);
            return bytes;
        }
        return encodeExtended(text, vr, initial);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof SpecificCharacterSet s && isSameAs(s);
    }

    @Override
    public int hashCode() {
        return Objects.hash(repertoires);
    }

    @Override
    public String toString() {
        return String.join("\\", terms);
    }

    private static boolean isDoubleG0(Repertoire r) {
        return r.coding == Coding.DOUBLE_G0;
    }

    private static CharsetEncoder encoder(Repertoire r) {
        return r.charset
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Characters before and after which the initial sets are active (PS3.5 6.1.2.5.3). */
    private static boolean isDelimiter(int c, VR vr) {
        return c == '\n'
                || c == '\r'
                || c == '\f'
                || c == '\t'
                || (c == '\\' && vr.isMultiValued())
                || (vr == VR.PN && (c == '^' || c == '='));
    }

    private byte[] encodeExtended(String text, VR vr, Repertoire initial)
            throws CharacterCodingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Repertoire g0 = Repertoire.ISO_6;
        Repertoire home = initial.coding == Coding.SINGLE ? initial : Repertoire.ISO_6;
        Repertoire g1 = home;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            String s = Character.toString(c);
            i += Character.charCount(c);
            if (c < 0x80) {
                if (isDoubleG0(g0)) {
                    g0 = Repertoire.ISO_6;
                    escape(out, "(B");
                }
                out.write(c);
                if (isDelimiter(c, vr)) {
                    g1 = home;
                }
                continue;
            }
            Repertoire r = repertoireOf(s);
            byte[] b = s.getBytes(r.charset);
            if (isDoubleG0(r)) {
                if (g0 != r) {
                    escape(out, r.escape);
                    g0 = r;
                }
                for (byte x : b) {
                    out.write(x & 0x7F);
                }
            } else {
                if (isDoubleG0(g0)) {
                    g0 = Repertoire.ISO_6;
                    escape(out, "(B");
                }
                if (g1 != r) {
                    escape(out, r.escape);
                    g1 = r;
                }
                out.writeBytes(b);
            }
        }
        if (isDoubleG0(g0)) {
            escape(out, "(B");
        }
        return out.toByteArray();
    }

    private Repertoire repertoireOf(String s) throws CharacterCodingException {
        for (Repertoire r : repertoires) {
            if (r.coding != Coding.WHOLE && encoder(r).canEncode(s)) {
                return r;
            }
        }
        throw new CharacterCodingException();
    }

    private static void escape(ByteArrayOutputStream out, String sequence) {
        out.write(ESC);
        out.writeBytes(sequence.getBytes(StandardCharsets.US_ASCII));
    }

    /** Walks through text with escape sequences. */
    private final class Decoder {
        private final byte[] bytes;
        private final VR vr;
        private final Repertoire initial;
        private final StringBuilder out = new StringBuilder();
        private Repertoire g0;
        private Repertoire g1;
        private int at;

        Decoder(byte[] bytes, VR vr, Repertoire initial) {
            this.bytes = bytes;
            this.vr = vr;
            this.initial = initial;
            g0 = Repertoire.ISO_6;
            g1 = home();
        }

        /**
         * ISO 646 has no upper half. Some writers (pydicom) use that of the one extension that has,
         * without its escape sequence.
         */
        private Repertoire home() {
            if (initial != Repertoire.ISO_6) {
                return initial;
            }
            return repertoires.stream()
                    .filter(r -> r.coding == Coding.DOUBLE_G1)
                    .findFirst()
                    .orElse(initial);
        }

        String decode() {
            while (at < bytes.length) {
                byte b = bytes[at];
                if (b == ESC && designate()) {
                    continue;
                }
                if (b >= 0x21 && isDoubleG0(g0)) {
                    pair(g0, 0);
                } else if (b >= 0) {
                    out.append((char) b);
                    at++;
                    if (isDelimiter(b, vr)) {
                        g0 = Repertoire.ISO_6;
                        g1 = home();
                    }
                } else if (g1.coding == Coding.DOUBLE_G1) {
                    pair(g1, 0x80);
                } else {
                    single();
                }
            }
            return out.toString();
        }

        private void single() {
            int from = at;
            while (at < bytes.length && bytes[at] < 0) {
                at++;
            }
            Charset charset =
                    g1.coding == Coding.SINGLE && g1 != Repertoire.ISO_6
                            ? g1.charset
                            : StandardCharsets.ISO_8859_1;
            out.append(new String(bytes, from, at - from, charset));
        }

        private void pair(Repertoire r, int high) {
            if (at + 1 == bytes.length) {
                out.append('\uFFFD');
                at++;
                return;
            }
            byte[] two = {
                (byte) ((bytes[at] & 0x7F) | high), (byte) ((bytes[at + 1] & 0x7F) | high)
            };
            out.append(new String(two, r.charset));
            at += 2;
        }

        /** Takes the escape sequence at hand, if it is one that PS3.3 knows. */
        private boolean designate() {
            if (matches("(B") || matches("(J")) {
                g0 = Repertoire.ISO_6;
                at += 3;
                return true;
            }
            for (Repertoire r : Repertoire.values()) {
                if (!r.escape.isEmpty() && matches(r.escape)) {
                    at += 1 + r.escape.length();
                    if (isDoubleG0(r)) {
                        g0 = r;
                    } else {
                        g1 = r;
                    }
                    return true;
                }
            }
            return false;
        }

        private boolean matches(String escape) {
            if (at + escape.length() >= bytes.length) {
                return false;
            }
            for (int i = 0; i < escape.length(); i++) {
                if (bytes[at + 1 + i] != escape.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}
