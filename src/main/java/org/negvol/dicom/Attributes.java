package org.negvol.dicom;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A data set, an item of a sequence or a command set: elements by ascending tag.
 *
 * <p>Values stay as they were read until they are asked for, so that what is copied stays the same
 * byte by byte. Numbers are held in little endian whatever the transfer syntax. An item without a
 * Specific Character Set of its own has that of the data set around it (PS3.3 C.12.1.1.2).
 *
 * <p>Getters are lenient: an absent element, an empty value and one that is no number give the
 * default. Not thread-safe while it is changed.
 */
public final class Attributes {

    private static final byte[] EMPTY = new byte[0];
    private static final int[] NO_INTS = new int[0];
    private static final double[] NO_DOUBLES = new double[0];
    private static final String[] NO_STRINGS = new String[0];

    private int[] tags;
    private VR[] vrs;
    // byte[] (as encoded), String[] (set and not yet encoded), Sequence or Fragments.
    private Object[] values;
    private int size;
    private @Nullable Attributes parent;
    private @Nullable SpecificCharacterSet charset;

    public Attributes() {
        this(16);
    }

    Attributes(int capacity) {
        tags = new int[capacity];
        vrs = new VR[capacity];
        values = new Object[capacity];
    }

    /** A copy that shares nothing with the original. */
    public Attributes(Attributes other) {
        this(Math.max(16, other.size));
        addAll(other);
    }

    /** Items of one element; their parent is the data set that holds the element. */
    private static final class Sequence {
        final List<Attributes> items = new ArrayList<>(1);
    }

    /** Encapsulated pixel data: the offset table first, which may be empty. */
    private record Fragments(List<byte[]> parts) {}

    // ---------------------------------------------------------------- looking

    /** Number of elements. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The tags of all elements, ascending as unsigned numbers. */
    public int[] tags() {
        return Arrays.copyOf(tags, size);
    }

    /** Whether the element is there, be it empty. */
    public boolean contains(int tag) {
        return indexOf(tag) >= 0;
    }

    /** Whether the element is there and not empty. */
    public boolean containsValue(int tag) {
        int i = indexOf(tag);
        if (i < 0) {
            return false;
        }
        return switch (values[i]) {
            case byte[] b -> b.length > 0;
            case String[] s -> getStrings(tag).length > 0;
            case Sequence s -> !s.items.isEmpty();
            case Fragments f -> !f.parts.isEmpty();
            default -> throw new IllegalStateException();
        };
    }

    /** The VR of an element, null if it is absent. */
    public @Nullable VR getVR(int tag) {
        int i = indexOf(tag);
        return i < 0 ? null : vrs[i];
    }

    /** The data set around this item, null for one that stands alone. */
    public @Nullable Attributes getParent() {
        return parent;
    }

    /** The first value as text without padding; null if absent or empty. */
    public @Nullable String getString(int tag) {
        String[] all = getStrings(tag);
        return all.length == 0 || all[0].isEmpty() ? null : all[0];
    }

    /** The first value as text without padding, or the default if absent or empty. */
    public String getString(int tag, String def) {
        String s = getString(tag);
        return s == null ? def : s;
    }

    /**
     * All values as text without padding; numbers are written in decimals, tags in eight digits.
     */
    public String[] getStrings(int tag) {
        int i = indexOf(tag);
        if (i < 0) {
            return NO_STRINGS;
        }
        VR vr = vrs[i];
        if (values[i] instanceof String[] s) {
            return split(vr, String.join("\\", s));
        }
        if (!(values[i] instanceof byte[] b) || b.length == 0) {
            return NO_STRINGS;
        }
        return switch (vr.kind()) {
            case TEXT, CHARACTERS -> split(vr, decode(vr, b));
            case BYTES -> split(vr, new String(b, StandardCharsets.ISO_8859_1));
            case TAG -> {
                int[] t = tagValues(b);
                String[] s = new String[t.length];
                Arrays.setAll(s, k -> "%08X".formatted(t[k]));
                yield s;
            }
            default -> {
                int n = b.length / vr.unitBytes();
                String[] s = new String[n];
                for (int k = 0; k < n; k++) {
                    s[k] = number(vr, b, k).toString();
                }
                yield s;
            }
        };
    }

    /** The first value as an integer, or the default. */
    public int getInt(int tag, int def) {
        Number n = firstNumber(tag);
        return n == null ? def : n.intValue();
    }

    /** The first value as an integer of 64 bits, or the default. */
    public long getLong(int tag, long def) {
        Number n = firstNumber(tag);
        return n == null ? def : n.longValue();
    }

    /** The first value as a number, or the default. */
    public double getDouble(int tag, double def) {
        Number n = firstNumber(tag);
        return n == null ? def : n.doubleValue();
    }

    /** The first value as a number, or the default. */
    public float getFloat(int tag, float def) {
        Number n = firstNumber(tag);
        return n == null ? def : n.floatValue();
    }

    /** All values as integers; empty if absent or one of them is no number. */
    public int[] getInts(int tag) {
        int i = indexOf(tag);
        if (i >= 0 && values[i] instanceof byte[] b && vrs[i] == VR.AT) {
            return tagValues(b);
        }
        if (i >= 0
                && values[i] instanceof byte[] b
                && (vrs[i].kind() == VR.Kind.UNSIGNED || vrs[i].kind() == VR.Kind.SIGNED)) {
            int[] out = new int[b.length / vrs[i].unitBytes()];
            for (int k = 0; k < out.length; k++) {
                out[k] = (int) integer(vrs[i], b, k);
            }
            return out;
        }
        double[] d = getDoubles(tag);
        return d.length == 0 ? NO_INTS : Arrays.stream(d).mapToInt(v -> (int) v).toArray();
    }

    /** All values as integers of 64 bits; empty if absent or one of them is no number. */
    public long[] getLongs(int tag) {
        List<Number> n = numbers(tag);
        return n.stream().mapToLong(Number::longValue).toArray();
    }

    /** All values as numbers; empty if absent or one of them is no number. */
    public double[] getDoubles(int tag) {
        int i = indexOf(tag);
        if (i >= 0 && values[i] instanceof byte[] b && vrs[i].kind() == VR.Kind.FLOAT) {
            double[] out = new double[b.length / vrs[i].unitBytes()];
            for (int k = 0; k < out.length; k++) {
                out[k] =
                        vrs[i].unitBytes() == 4
                                ? little(b).getFloat(4 * k)
                                : little(b).getDouble(8 * k);
            }
            return out;
        }
        List<Number> n = numbers(tag);
        return n.isEmpty() ? NO_DOUBLES : n.stream().mapToDouble(Number::doubleValue).toArray();
    }

    /** All values as numbers of single precision; empty if absent or one of them is no number. */
    public float[] getFloats(int tag) {
        int i = indexOf(tag);
        if (i >= 0
                && values[i] instanceof byte[] b
                && vrs[i].kind() == VR.Kind.FLOAT
                && vrs[i].unitBytes() == 4) {
            float[] out = new float[b.length / 4];
            little(b).asFloatBuffer().get(out);
            return out;
        }
        double[] d = getDoubles(tag);
        float[] out = new float[d.length];
        for (int k = 0; k < d.length; k++) {
            out[k] = (float) d[k];
        }
        return out;
    }

    /**
     * The value as encoded, numbers in little endian, not padded where it was set here; null if
     * absent, or a sequence, or in fragments. The array is the data set's own and not to be
     * changed.
     *
     * @throws IllegalStateException if text that was set cannot be expressed in the character set
     */
    public byte @Nullable [] getBytes(int tag) {
        int i = indexOf(tag);
        if (i < 0 || values[i] instanceof Sequence || values[i] instanceof Fragments) {
            return null;
        }
        try {
            return bytes(i);
        } catch (DicomException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * The fragments of encapsulated pixel data, the first of which is the offset table; null if
     * absent or native.
     */
    public @Nullable List<byte[]> getFragments(int tag) {
        int i = indexOf(tag);
        return i >= 0 && values[i] instanceof Fragments f
                ? Collections.unmodifiableList(f.parts)
                : null;
    }

    /**
     * The items of a sequence; empty if absent. The list is a view, the items are the sequence's.
     */
    public List<Attributes> getSequence(int tag) {
        int i = indexOf(tag);
        return i >= 0 && values[i] instanceof Sequence s
                ? Collections.unmodifiableList(s.items)
                : List.of();
    }

    /** The first item of a sequence; null if absent or empty. */
    public @Nullable Attributes getNestedDataset(int tag) {
        List<Attributes> items = getSequence(tag);
        return items.isEmpty() ? null : items.getFirst();
    }

    // ---------------------------------------------------------------- changing

    /** Sets text; several values for a VR that allows them. */
    public Attributes setString(int tag, VR vr, String... s) {
        if (!vr.isText()) {
            throw new IllegalArgumentException(
                    ElementDictionary.toString(tag) + ": text in VR " + vr);
        }
        if (s.length > 1 && !vr.isMultiValued()) {
            throw new IllegalArgumentException(
                    ElementDictionary.toString(tag) + ": several values in VR " + vr);
        }
        put(tag, vr, s.clone());
        return this;
    }

    /** Sets integers, of any numeric VR, as decimal text in IS and DS, or tags in AT. */
    public Attributes setInt(int tag, VR vr, int... v) {
        long[] longs = new long[v.length];
        for (int k = 0; k < v.length; k++) {
            longs[k] =
                    vr.kind() == VR.Kind.UNSIGNED && vr.unitBytes() <= 4
                            ? v[k] & 0xFFFFFFFFL
                            : v[k];
        }
        if (vr.unitBytes() == 2 && vr.kind() == VR.Kind.UNSIGNED) {
            for (int x : v) {
                if (x < 0 || x > 0xFFFF) {
                    throw new IllegalArgumentException(
                            ElementDictionary.toString(tag) + ": " + x + " in VR " + vr);
                }
            }
        }
        return setLong(tag, vr, longs);
    }

    /** Sets integers, of any numeric VR, as decimal text in IS and DS, or tags in AT. */
    public Attributes setLong(int tag, VR vr, long... v) {
        if (vr == VR.IS || vr == VR.DS) {
            return setString(
                    tag, vr, Arrays.stream(v).mapToObj(Long::toString).toArray(String[]::new));
        }
        if (vr.kind() == VR.Kind.FLOAT) {
            return setDouble(tag, vr, Arrays.stream(v).asDoubleStream().toArray());
        }
        byte[] bytes = new byte[(vr == VR.AT ? 4 : vr.unitBytes()) * v.length];
        ByteBuffer b = little(bytes);
        if (vr == VR.AT) {
            for (long x : v) {
                b.putShort((short) (x >>> 16)).putShort((short) x);
            }
        } else if (vr.kind() == VR.Kind.SIGNED || vr.kind() == VR.Kind.UNSIGNED) {
            for (long x : v) {
                switch (vr.unitBytes()) {
                    case 2 -> b.putShort((short) x);
                    case 4 -> b.putInt((int) x);
                    default -> b.putLong(x);
                }
            }
        } else {
            throw new IllegalArgumentException(
                    ElementDictionary.toString(tag) + ": integers in VR " + vr);
        }
        put(tag, vr, bytes);
        return this;
    }

    /** Sets numbers of FD, OD, FL, OF, or as decimal strings of at most 16 characters in DS. */
    public Attributes setDouble(int tag, VR vr, double... v) {
        if (vr == VR.DS) {
            return setString(
                    tag, vr, Arrays.stream(v).mapToObj(Attributes::decimal).toArray(String[]::new));
        }
        if (vr.kind() != VR.Kind.FLOAT) {
            throw new IllegalArgumentException(
                    ElementDictionary.toString(tag) + ": fractions in VR " + vr);
        }
        byte[] bytes = new byte[vr.unitBytes() * v.length];
        ByteBuffer b = little(bytes);
        for (double x : v) {
            if (vr.unitBytes() == 4) {
                b.putFloat((float) x);
            } else {
                b.putDouble(x);
            }
        }
        put(tag, vr, bytes);
        return this;
    }

    /** Sets numbers of FL, OF, FD, OD, or as decimal strings in DS. */
    public Attributes setFloat(int tag, VR vr, float... v) {
        if (vr.kind() == VR.Kind.FLOAT && vr.unitBytes() == 4) {
            byte[] bytes = new byte[4 * v.length];
            little(bytes).asFloatBuffer().put(v);
            put(tag, vr, bytes);
            return this;
        }
        double[] d = new double[v.length];
        for (int k = 0; k < v.length; k++) {
            d[k] = v[k];
        }
        return setDouble(tag, vr, d);
    }

    /** Sets a value as encoded, numbers in little endian. The array is not copied. */
    public Attributes setBytes(int tag, VR vr, byte[] b) {
        if (vr == VR.SQ) {
            throw new IllegalArgumentException(
                    ElementDictionary.toString(tag) + ": a sequence has items");
        }
        put(tag, vr, b);
        return this;
    }

    /** Sets encapsulated pixel data; the first fragment is the offset table. Not copied. */
    public Attributes setFragments(int tag, VR vr, List<byte[]> fragments) {
        put(tag, vr, new Fragments(new ArrayList<>(fragments)));
        return this;
    }

    /** Sets an empty value. */
    public Attributes setNull(int tag, VR vr) {
        put(tag, vr, vr == VR.SQ ? new Sequence() : EMPTY);
        return this;
    }

    /** Appends an empty item to a sequence, which is made if it is not there, and returns it. */
    public Attributes newItem(int sequenceTag) {
        Attributes item = new Attributes();
        item.parent = this;
        sequence(sequenceTag).items.add(item);
        return item;
    }

    /**
     * Sets the items of a sequence.
     *
     * @throws IllegalArgumentException if an item belongs to a sequence already; copy it then
     */
    public Attributes setSequence(int tag, List<Attributes> items) {
        Sequence s = new Sequence();
        for (Attributes item : items) {
            if (item.parent != null) {
                throw new IllegalArgumentException(
                        ElementDictionary.toString(tag) + ": an item belongs to one sequence only");
            }
            item.adopt(this);
            s.items.add(item);
        }
        put(tag, VR.SQ, s);
        return this;
    }

    /** Removes an element; false if it was not there. */
    public boolean remove(int tag) {
        int i = indexOf(tag);
        if (i < 0) {
            return false;
        }
        if (tag == Tag.SpecificCharacterSet) {
            changeCharset(null);
        }
        if (values[i] instanceof Sequence s) {
            s.items.forEach(Attributes::disown);
        }
        size--;
        System.arraycopy(tags, i + 1, tags, i, size - i);
        System.arraycopy(vrs, i + 1, vrs, i, size - i);
        System.arraycopy(values, i + 1, values, i, size - i);
        return true;
    }

    /**
     * Adds copies of all elements of another data set, replacing those that are here. Values stay
     * as encoded where both share a character set. Else text is encoded anew: a data set that has a
     * Specific Character Set keeps it, one that has none takes that of the other.
     */
    public Attributes addAll(Attributes other) {
        return addSelected(other, other.tags());
    }

    /** As {@link #addAll}, of these tags only, so far as the other data set has them. */
    public Attributes addSelected(Attributes other, int... selection) {
        SpecificCharacterSet from = other.charset();
        if (charset().isDefault() && !from.isDefault()) {
            setString(Tag.SpecificCharacterSet, VR.CS, from.terms());
        }
        boolean same = charset().isSameAs(from);
        for (int tag : selection) {
            int i = other.indexOf(tag);
            if (i < 0 || tag == Tag.SpecificCharacterSet) {
                continue;
            }
            put(tag, other.vrs[i], other.copyOfValue(i, same, this));
        }
        return this;
    }

    private Object copyOfValue(int i, boolean sameCharset, Attributes target) {
        return switch (values[i]) {
            case byte[] b ->
                    sameCharset || !vrs[i].usesSpecificCharacterSet() ? b : getStrings(tags[i]);
            case Sequence s -> {
                Sequence copy = new Sequence();
                for (Attributes item : s.items) {
                    Attributes c = new Attributes(item.size);
                    c.parent = target;
                    c.addItem(item);
                    copy.items.add(c);
                }
                yield copy;
            }
            case Fragments f -> new Fragments(new ArrayList<>(f.parts));
            default -> values[i];
        };
    }

    /** As addAll, but an item keeps a character set of its own. */
    private void addItem(Attributes item) {
        int own = item.indexOf(Tag.SpecificCharacterSet);
        if (own >= 0) {
            put(Tag.SpecificCharacterSet, item.vrs[own], item.values[own]);
        }
        boolean same = charset().isSameAs(item.charset());
        for (int i = 0; i < item.size; i++) {
            if (i != own) {
                put(item.tags[i], item.vrs[i], item.copyOfValue(i, same, this));
            }
        }
    }

    // ---------------------------------------------------------------- for the reader and the
    // writer

    /** Adds an element as read, the last one in a stream of ascending tags. */
    void putRaw(int tag, VR vr, byte[] value) {
        if (tag == Tag.SpecificCharacterSet) {
            charset = null;
        }
        insert(tag, vr, value);
    }

    /** Makes an empty sequence, as read. */
    void putSequence(int tag) {
        insert(tag, VR.SQ, new Sequence());
    }

    /**
     * Turns US into SS where the standard leaves the choice to Pixel Representation: in implicit VR
     * the items of sequences with lower tags were read before it was known.
     */
    void makeSigned() {
        for (int i = 0; i < size; i++) {
            if (vrs[i] == VR.US && ElementDictionary.isUnsignedOrSigned(tags[i])) {
                vrs[i] = VR.SS;
            } else if (values[i] instanceof Sequence s) {
                for (Attributes item : s.items) {
                    if (!item.contains(Tag.PixelRepresentation)) {
                        item.makeSigned();
                    }
                }
            }
        }
    }

    int tagAt(int i) {
        return tags[i];
    }

    VR vrAt(int i) {
        return vrs[i];
    }

    /** The items at an index, or null if no sequence stands there. */
    @Nullable List<Attributes> itemsAt(int i) {
        return values[i] instanceof Sequence s ? s.items : null;
    }

    @Nullable List<byte[]> fragmentsAt(int i) {
        return values[i] instanceof Fragments f ? f.parts : null;
    }

    /** The value at an index as it is encoded, without padding of what was set here. */
    byte[] bytes(int i) throws DicomException {
        if (values[i] instanceof byte[] b) {
            return b;
        }
        String[] s = (String[]) values[i];
        VR vr = vrs[i];
        String text = s.length == 1 ? s[0] : String.join("\\", s);
        try {
            return (vr.usesSpecificCharacterSet() ? charset() : SpecificCharacterSet.DEFAULT)
                    .encode(text, vr);
        } catch (CharacterCodingException e) {
            throw new DicomException(
                    tags[i],
                    "text cannot be expressed in Specific Character Set '%s'".formatted(charset()));
        }
    }

    // ---------------------------------------------------------------- comparing

    /** Same tags, VRs and values; texts are equal if they read the same. */
    @Override
    public boolean equals(@Nullable Object o) {
        if (!(o instanceof Attributes a) || a.size != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (tags[i] != a.tags[i] || vrs[i] != a.vrs[i] || !sameValue(i, a)) {
                return false;
            }
        }
        return true;
    }

    private boolean sameValue(int i, Attributes a) {
        return switch (values[i]) {
            case Sequence s -> a.values[i] instanceof Sequence t && s.items.equals(t.items);
            case Fragments f ->
                    a.values[i] instanceof Fragments g
                            && f.parts.size() == g.parts.size()
                            && IntStream.range(0, f.parts.size())
                                    .allMatch(k -> Arrays.equals(f.parts.get(k), g.parts.get(k)));
            default -> {
                if (!(a.values[i] instanceof byte[]) && !(a.values[i] instanceof String[])) {
                    yield false;
                }
                yield vrs[i].isText()
                        ? Arrays.equals(getStrings(tags[i]), a.getStrings(tags[i]))
                        : Arrays.equals((byte[]) values[i], (byte[]) a.values[i]);
            }
        };
    }

    @Override
    public int hashCode() {
        int h = size;
        for (int i = 0; i < size; i++) {
            h = 31 * h + tags[i];
            if (values[i] instanceof Sequence s) {
                h = 31 * h + s.items.size();
            }
        }
        return h;
    }

    /** A short listing for people; it may hold the patient's data and does not belong in logs. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        append(s, "");
        return s.toString();
    }

    private void append(StringBuilder out, String indent) {
        for (int i = 0; i < size; i++) {
            out.append(indent)
                    .append(ElementDictionary.toString(tags[i]))
                    .append(' ')
                    .append(vrs[i]);
            out.append(' ');
            switch (values[i]) {
                case Sequence s -> {
                    out.append(ElementDictionary.keywordOf(tags[i])).append('\n');
                    for (Attributes item : s.items) {
                        out.append(indent).append("  item\n");
                        item.append(out, indent + "    ");
                    }
                    continue;
                }
                case Fragments f -> out.append(f.parts.size()).append(" fragments");
                case byte[] b when b.length > 256 -> out.append(b.length).append(" bytes");
                default ->
                        out.append('[').append(String.join("\\", getStrings(tags[i]))).append(']');
            }
            out.append(' ').append(ElementDictionary.keywordOf(tags[i])).append('\n');
        }
    }

    // ---------------------------------------------------------------- inner works

    private SpecificCharacterSet charset() {
        if (charset == null) {
            int i = indexOf(Tag.SpecificCharacterSet);
            if (i >= 0) {
                charset = SpecificCharacterSet.of(getStrings(Tag.SpecificCharacterSet));
            } else if (parent != null) {
                // Not kept: the parent's may change.
                return parent.charset();
            } else {
                return SpecificCharacterSet.DEFAULT;
            }
        }
        return charset;
    }

    /** Texts that are still as encoded would mean something else under another character set. */
    private void changeCharset(@Nullable SpecificCharacterSet next) {
        SpecificCharacterSet after =
                next != null
                        ? next
                        : parent != null ? parent.charset() : SpecificCharacterSet.DEFAULT;
        if (!after.isSameAs(charset())) {
            decodeTexts();
        }
        charset = null;
    }

    private void decodeTexts() {
        for (int i = 0; i < size; i++) {
            if (values[i] instanceof byte[] && vrs[i].usesSpecificCharacterSet()) {
                values[i] = getStrings(tags[i]);
            } else if (values[i] instanceof Sequence s) {
                for (Attributes item : s.items) {
                    if (item.indexOf(Tag.SpecificCharacterSet) < 0) {
                        item.decodeTexts();
                    }
                }
            }
        }
    }

    private void adopt(Attributes newParent) {
        if (indexOf(Tag.SpecificCharacterSet) < 0 && !newParent.charset().isSameAs(charset())) {
            decodeTexts();
        }
        parent = newParent;
    }

    private void disown() {
        if (indexOf(Tag.SpecificCharacterSet) < 0 && !charset().isDefault()) {
            decodeTexts();
        }
        parent = null;
    }

    private Sequence sequence(int tag) {
        int i = indexOf(tag);
        if (i >= 0 && values[i] instanceof Sequence s) {
            return s;
        }
        Sequence s = new Sequence();
        put(tag, VR.SQ, s);
        return s;
    }

    private void put(int tag, VR vr, Object value) {
        if (tag == Tag.SpecificCharacterSet) {
            String[] terms =
                    value instanceof String[] s
                            ? s
                            : split(vr, new String((byte[]) value, StandardCharsets.ISO_8859_1));
            changeCharset(SpecificCharacterSet.of(terms));
        }
        insert(tag, vr, value);
    }

    private void insert(int tag, VR vr, Object value) {
        int i =
                size == 0 || Integer.compareUnsigned(tags[size - 1], tag) < 0
                        ? ~size
                        : indexOf(tag);
        if (i >= 0) {
            if (values[i] instanceof Sequence s && s != value) {
                s.items.forEach(Attributes::disown);
            }
            vrs[i] = vr;
            values[i] = value;
            return;
        }
        i = ~i;
        if (size == tags.length) {
            int capacity = Math.max(16, size * 2);
            tags = Arrays.copyOf(tags, capacity);
            vrs = Arrays.copyOf(vrs, capacity);
            values = Arrays.copyOf(values, capacity);
        }
        System.arraycopy(tags, i, tags, i + 1, size - i);
        System.arraycopy(vrs, i, vrs, i + 1, size - i);
        System.arraycopy(values, i, values, i + 1, size - i);
        tags[i] = tag;
        vrs[i] = vr;
        values[i] = value;
        size++;
    }

    /** Index of a tag, or the complement of where it would stand. */
    private int indexOf(int tag) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int mid = (low + high) >>> 1;
            int c = Integer.compareUnsigned(tags[mid], tag);
            if (c == 0) {
                return mid;
            }
            if (c < 0) {
                low = mid + 1;
            } else {
                high = mid - 1;
            }
        }
        return ~low;
    }

    private String decode(VR vr, byte[] b) {
        return (vr.usesSpecificCharacterSet() ? charset() : SpecificCharacterSet.DEFAULT)
                .decode(b, vr);
    }

    private static String[] split(VR vr, String text) {
        if (!vr.isMultiValued()) {
            // Leading blanks are part of a long text; padding at its end is not.
            String s = trimEnd(text);
            return s.isEmpty() ? NO_STRINGS : new String[] {s};
        }
        if (text.indexOf('\\') < 0) {
            String s = trim(text, vr);
            return s.isEmpty() ? NO_STRINGS : new String[] {s};
        }
        String[] parts = text.split("\\\\", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = trim(parts[i], vr);
        }
        return parts;
    }

    private static String trim(String s, VR vr) {
        int from = 0;
        // UC values start where they start (PS3.5 6.2); blanks lead nowhere else.
        while (vr != VR.UC && from < s.length() && s.charAt(from) == ' ') {
            from++;
        }
        return trimEnd(s.substring(from));
    }

    private static String trimEnd(String s) {
        int to = s.length();
        while (to > 0 && (s.charAt(to - 1) == ' ' || s.charAt(to - 1) == 0)) {
            to--;
        }
        return s.substring(0, to);
    }

    private @Nullable Number firstNumber(int tag) {
        int i = indexOf(tag);
        if (i < 0) {
            return null;
        }
        VR vr = vrs[i];
        if (values[i] instanceof byte[] b && !vr.isText()) {
            if (vr == VR.AT) {
                return b.length < 4 ? null : tagValues(b)[0];
            }
            boolean numeric = vr.kind() != VR.Kind.BYTES && vr.kind() != VR.Kind.SEQUENCE;
            return numeric && b.length >= vr.unitBytes() ? number(vr, b, 0) : null;
        }
        String s = vr.isText() ? getString(tag) : null;
        return s == null ? null : parse(s);
    }

    private List<Number> numbers(int tag) {
        int i = indexOf(tag);
        if (i < 0) {
            return List.of();
        }
        VR vr = vrs[i];
        List<Number> out = new ArrayList<>();
        if (vr.isText()) {
            for (String s : getStrings(tag)) {
                Number n = parse(s);
                if (n == null) {
                    return List.of();
                }
                out.add(n);
            }
        } else if (values[i] instanceof byte[] b && vr == VR.AT) {
            for (int t : tagValues(b)) {
                out.add(t);
            }
        } else if (values[i] instanceof byte[] b && vr.kind() != VR.Kind.BYTES) {
            for (int k = 0; k < b.length / vr.unitBytes(); k++) {
                out.add(number(vr, b, k));
            }
        }
        return out;
    }

    private static @Nullable Number parse(String s) {
        String t = s.strip();
        try {
            return Long.valueOf(t);
        } catch (NumberFormatException notAnInteger) {
            try {
                return Double.valueOf(t);
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }
    }

    private static Number number(VR vr, byte[] b, int k) {
        if (vr.kind() != VR.Kind.FLOAT) {
            long v = integer(vr, b, k);
            // The upper half of 64 bits unsigned is beyond a long.
            return v < 0 && vr.kind() == VR.Kind.UNSIGNED
                    ? new BigInteger(Long.toUnsignedString(v))
                    : v;
        }
        if (vr.unitBytes() == 4) {
            return little(b).getFloat(4 * k);
        }
        return little(b).getDouble(8 * k);
    }

    private static long integer(VR vr, byte[] b, int k) {
        boolean signed = vr.kind() == VR.Kind.SIGNED;
        return switch (vr.unitBytes()) {
            case 2 -> {
                short s = little(b).getShort(2 * k);
                yield signed ? s : s & 0xFFFF;
            }
            case 4 -> {
                int s = little(b).getInt(4 * k);
                yield signed ? s : s & 0xFFFFFFFFL;
            }
            default -> little(b).getLong(8 * k);
        };
    }

    private static int[] tagValues(byte[] b) {
        int[] out = new int[b.length / 4];
        for (int k = 0; k < out.length; k++) {
            int group = little(b).getShort(4 * k) & 0xFFFF;
            out[k] = (group << 16) | (little(b).getShort(4 * k + 2) & 0xFFFF);
        }
        return out;
    }

    private static ByteBuffer little(byte[] b) {
        return ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The decimal string of at most 16 characters that comes closest (PS3.5 6.2, DS). */
    static String decimal(double v) {
        if (!Double.isFinite(v)) {
            throw new IllegalArgumentException("a decimal string cannot be " + v);
        }
        if (v == 0) {
            return "0";
        }
        BigDecimal d = BigDecimal.valueOf(v);
        for (int digits = 17; digits > 0; digits--) {
            BigDecimal r =
                    d.round(new MathContext(digits, RoundingMode.HALF_EVEN)).stripTrailingZeros();
            String plain = r.toPlainString();
            if (plain.length() <= 16) {
                return plain;
            }
            String scientific = r.toString();
            if (scientific.indexOf('E') >= 0 && scientific.length() <= 16) {
                return scientific;
            }
        }
        throw new IllegalStateException("one digit fits always: " + v);
    }
}
