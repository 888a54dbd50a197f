package org.negvol.dicom;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads data sets (PS3.5 section 7) and files (PS3.10 section 7) as a stream.
 *
 * <p>Lenient with what devices are known to write: no preamble, no file meta information, a VR that
 * does not fit the transfer syntax, odd lengths, unordered elements. Not with what would harm:
 * lengths beyond the stream or the item around, nesting deeper than {@link #MAX_NESTING}, more held
 * bytes than allowed. Memory grows with the bytes that have really come, never with a length that
 * was only claimed.
 */
public final class DicomInputStream implements AutoCloseable {

    /** Deepest nesting of sequences. Real objects (structured reports) stay below 30. */
    public static final int MAX_NESTING = 128;

    /** Most elements of one data set or item; real ones have some hundreds. */
    public static final int MAX_ELEMENTS = 1 << 15;

    private static final long UNDEFINED = 0xFFFFFFFFL;
    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_END = 0xFFFEE00D;
    private static final int SEQUENCE_END = 0xFFFEE0DD;
    private static final int PREAMBLE = 128;

    /** So much is taken for a value at once before its bytes have come. */
    private static final int TRUSTED_BYTES = 1 << 20;

    /** What an element and an item cost beyond their values, so that empty ones are not free. */
    private static final int ELEMENT_COST = 48;

    private static final int ITEM_COST = 400;

    private InputStream in;
    private final byte[] buffer = new byte[1 << 13];
    private int at;
    private int end;

    /** Position in the stream of the buffer's first byte. */
    private long bufferStart;

    private @Nullable TransferSyntax syntax;
    private @Nullable Attributes meta;
    private @Nullable Inflater inflater;
    private boolean metaOpened;
    private boolean opened;
    private long heldLimit = Integer.MAX_VALUE;
    private long held;

    // The element at hand.
    private boolean pending;
    private long headerAt;
    private int tag;
    private VR vr = VR.UN;
    private long length;
    private boolean implicitElement;

    private boolean explicit;
    private boolean bigEndian;

    /** Bytes on their way to {@link #readWords}. */
    private byte[] words = new byte[0];

    /** Where the value of the pending element begins. */
    private long valueAt;

    /** Reads a file, or a data set whose encoding is told by its first bytes. */
    public DicomInputStream(InputStream in) {
        this.in = in;
    }

    /** Reads a data set without file meta information, as it comes over the network. */
    public DicomInputStream(InputStream in, TransferSyntax syntax) {
        this.in = in;
        this.syntax = syntax;
        this.meta = new Attributes();
    }

    /**
     * Bounds the memory of the data sets read from here; {@link Integer#MAX_VALUE} bytes unless
     * told.
     */
    public DicomInputStream limitHeldBytes(long bytes) {
        heldLimit = bytes;
        return this;
    }

    /** The file meta information; empty if there is none. */
    public Attributes getFileMetaInformation() throws IOException {
        openMeta();
        return meta == null ? new Attributes() : meta;
    }

    /** How the data set is encoded: as the file says, or as its first bytes look. */
    public TransferSyntax getTransferSyntax() throws IOException {
        open();
        return syntax == null ? TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN : syntax;
    }

    /** Reads to the end of the stream. */
    public Attributes readDataset() throws IOException {
        return read(false, 0);
    }

    /**
     * Reads the elements before a tag. What follows stays unread, so that pixel data cost nothing;
     * a later call goes on there.
     */
    public Attributes readDatasetUntil(int stopTag) throws IOException {
        return read(true, stopTag);
    }

    /**
     * Reads a part of the value at which {@link #readDatasetUntil} stopped, as words of 16 bits,
     * and holds nothing of the rest. Later parts may follow; elements behind the value may not.
     *
     * @param wanted the tag of that element
     * @param from the first word, none before the end of the part read last
     * @param into where the words go, from its start
     * @param count how many
     * @return false, and nothing was read, if there is another element, or the value comes in
     *     fragments
     * @throws DicomException if the value is shorter
     */
    public boolean readWords(int wanted, long from, short[] into, int count) throws IOException {
        if (!pending || tag != wanted || length == UNDEFINED) {
            return false;
        }
        if (2 * (from + count) > length) {
            throw error(
                    "%d bytes are too short for words %d to %d"
                            .formatted(length, from, from + count));
        }
        readWordsAt(valueAt + 2 * from, into, count);
        return true;
    }

    /**
     * Where the value begins at which {@link #readDatasetUntil} stopped.
     *
     * @return its position in the stream; -1 if there is another element, the value comes in
     *     fragments, or it is shorter than {@code bytes}
     */
    long valuePosition(int wanted, long bytes) {
        return pending && tag == wanted && length != UNDEFINED && length >= bytes ? valueAt : -1;
    }

    /** Reads words of 16 bits from a position that lies before none that was read. */
    void readWordsAt(long position, short[] into, int count) throws IOException {
        getTransferSyntax();
        skipTo(position);
        int bytes = 2 * count;
        if (words.length < bytes) {
            words = new byte[bytes];
        }
        int have = Math.min(bytes, end - at);
        System.arraycopy(buffer, at, words, 0, have);
        at += have;
        while (have < bytes) {
            int got = in.read(words, have, bytes - have);
            if (got < 0) {
                throw error("the stream ends before the value does");
            }
            bufferStart += got;
            have += got;
        }
        ByteBuffer.wrap(words, 0, bytes)
                .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
                .asShortBuffer()
                .get(into, 0, count);
    }

    /** Reads bytes from a position that lies before none that was read. */
    byte[] readBytesAt(long position, long count) throws IOException {
        getTransferSyntax();
        skipTo(position);
        return value(count);
    }

    /** Leaves out what comes before a position. */
    void skipTo(long position) throws IOException {
        long skip = position - position();
        if (skip < 0) {
            throw new IllegalArgumentException("a position before the one read last");
        }
        long buffered = Math.min(skip, end - at);
        at += (int) buffered;
        if (skip > buffered) {
            try {
                in.skipNBytes(skip - buffered);
            } catch (EOFException e) {
                throw error("the stream ends before the value does");
            }
            bufferStart += skip - buffered;
        }
    }

    /**
     * Gives the value of the element that {@link #readDatasetUntil} has stopped at, to be read
     * without being held. Only before anything else is read from here.
     *
     * @return the bytes as they are encoded; null if this element does not come next or has no
     *     length, as encapsulated pixel data have none
     */
    public @Nullable InputStream openValue(int wanted) {
        if (!pending || tag != wanted || length == UNDEFINED) {
            return null;
        }
        pending = false;
        InputStream rest =
                new SequenceInputStream(
                        new ByteArrayInputStream(Arrays.copyOfRange(buffer, at, end)), in);
        long most = length;
        return new BlockInputStream() {
            private long left = most;

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int got = rest.read(b, off, (int) Math.min(len, left));
                left -= Math.max(got, 0);
                return got;
            }

            @Override
            public long skip(long n) throws IOException {
                long skipped = rest.skip(Math.min(n, left));
                left -= skipped;
                return skipped;
            }
        };
    }

    /** Bytes read of the stream so far; of a deflated data set, after inflation. */
    public long position() {
        return bufferStart + at;
    }

    @Override
    public void close() throws IOException {
        if (inflater != null) {
            inflater.end();
        }
        in.close();
    }

    /**
     * Decodes a command set (PS3.7 6.3.1).
     *
     * @throws DicomException if the bytes are none
     */
    public static Attributes decodeCommand(byte[] command) throws DicomException {
        try (DicomInputStream in =
                new DicomInputStream(
                        new ByteArrayInputStream(command),
                        TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)) {
            in.opened = true;
            Attributes set = in.readDataset();
            for (int t : set.tags()) {
                if (t >>> 16 != 0) {
                    throw new DicomException(t, "no element of a command");
                }
            }
            return set;
        } catch (DicomException e) {
            throw e;
        } catch (IOException e) {
            throw new DicomException("no command set: " + e.getMessage(), e);
        }
    }

    // ---------------------------------------------------------------- the file around the data set

    /** Reads no byte of the data set that a deflated one might lack. */
    private void openMeta() throws IOException {
        if (metaOpened) {
            return;
        }
        metaOpened = true;
        if (meta == null) {
            fill(PREAMBLE + 4);
            if (end - at >= PREAMBLE + 4
                    && buffer[at + PREAMBLE] == 'D'
                    && buffer[at + PREAMBLE + 1] == 'I'
                    && buffer[at + PREAMBLE + 2] == 'C'
                    && buffer[at + PREAMBLE + 3] == 'M') {
                at += PREAMBLE + 4;
            } else if (!looksLikeDataset()) {
                throw new DicomException("neither a DICOM file nor a data set");
            }
            readMeta();
        }
    }

    private void open() throws IOException {
        if (opened) {
            return;
        }
        opened = true;
        openMeta();
        TransferSyntax s = syntax;
        if (s == null) {
            // Encapsulated pixel data tell by themselves; the rest is to be guessed.
            s =
                    isExplicit(at, false)
                            ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
                            : isExplicit(at, true)
                                    ? TransferSyntax.EXPLICIT_VR_BIG_ENDIAN
                                    : TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
        }
        if (s.deflated()) {
            inflate();
        }
        fill(8);
        explicit = s.explicitVR();
        bigEndian = s.bigEndian();
        // Some devices announce one encoding and write the other.
        if (end - at >= 8 && !bigEndian) {
            if (explicit && !isExplicit(at, false) && looksLikeDataset()) {
                explicit = false;
            } else if (!explicit && isExplicit(at, false)) {
                explicit = true;
            }
            if (explicit != s.explicitVR() && !s.encapsulated()) {
                s =
                        explicit
                                ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
                                : TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
            }
        }
        syntax = s;
    }

    private void readMeta() throws IOException {
        explicit = true;
        Attributes m = new Attributes();
        while (fill(8) >= 8 && short16(at) == 2) {
            if (!nextHeader(Long.MAX_VALUE)) {
                break;
            }
            element(m, 0, Long.MAX_VALUE);
        }
        meta = m;
        String uid = m.getString(Tag.TransferSyntaxUID);
        if (uid != null) {
            syntax = TransferSyntax.of(uid);
        }
    }

    private void inflate() throws IOException {
        fill(2);
        int first = end - at >= 2 ? ((buffer[at] & 0xFF) << 8) | (buffer[at + 1] & 0xFF) : 0;
        // PS3.5 A.5 asks for bare deflate; some writers put the header of zlib before it.
        boolean zlib = first >>> 8 == 0x78 && first % 31 == 0;
        Inflater i = new Inflater(!zlib);
        inflater = i;
        InputStream rest =
                new SequenceInputStream(
                        new ByteArrayInputStream(Arrays.copyOfRange(buffer, at, end)), in);
        bufferStart += at;
        at = 0;
        end = 0;
        in = new InflaterInputStream(rest, i, 1 << 13);
    }

    /** Whether the first bytes may be an element of group 2 or 8, or of a low group at least. */
    private boolean looksLikeDataset() {
        if (end - at < 8) {
            return end == at;
        }
        int little = short16(at);
        int big = (little >>> 8) | ((little & 0xFF) << 8);
        if (isExplicit(at, false) || (big <= 0x50 && isExplicit(at, true))) {
            return true;
        }
        return little <= 0x50 && (int32(at + 4) >>> 16) == 0;
    }

    /** Whether a VR of the standard stands behind the tag. */
    private boolean isExplicit(int from, boolean big) {
        if (end - from < 8) {
            return false;
        }
        int group = short16(from);
        if (big) {
            group = (group >>> 8) | ((group & 0xFF) << 8);
        }
        return group <= 0x7FFF && VR.of(buffer[from + 4], buffer[from + 5]) != null;
    }

    // ---------------------------------------------------------------- elements

    private Attributes read(boolean stop, int stopTag) throws IOException {
        open();
        Attributes ds = new Attributes(64);
        while (pending || nextHeader(Long.MAX_VALUE)) {
            if (stop && Integer.compareUnsigned(tag, stopTag) >= 0) {
                if (!pending) {
                    valueAt = position();
                }
                pending = true;
                return ds;
            }
            pending = false;
            if (tag == ITEM_END || tag == SEQUENCE_END) {
                // A stray delimiter at the top harms nobody.
                continue;
            }
            element(ds, 0, Long.MAX_VALUE);
        }
        return ds;
    }

    /** Reads the tag, VR and length of the next element; false at the end of the stream. */
    private boolean nextHeader(long limit) throws IOException {
        int have = fill(8);
        if (have == 0) {
            return false;
        }
        headerAt = position();
        if (have < 8) {
            throw new DicomException(
                    "the stream ends at byte %d inside an element".formatted(headerAt + have));
        }
        tag = (short16(at) << 16) | short16(at + 2);
        implicitElement = !explicit;
        if (tag == ITEM || tag == ITEM_END || tag == SEQUENCE_END) {
            vr = VR.UN;
            length = int32(at + 4) & UNDEFINED;
            at += 8;
        } else if (explicit) {
            explicitHeader();
        } else {
            length = int32(at + 4) & UNDEFINED;
            vr = ElementDictionary.vrOf(tag);
            at += 8;
        }
        if (length != UNDEFINED && position() + length > limit) {
            throw error("length %d reaches beyond the item around it".formatted(length));
        }
        return true;
    }

    private void explicitHeader() throws IOException {
        int a = buffer[at + 4];
        int b = buffer[at + 5];
        VR known = VR.of(a, b);
        if (known == null && !(VR.isLetter(a) && VR.isLetter(b))) {
            // An implicit element among explicit ones: seen in the wild, and in what pydicom reads.
            implicitElement = true;
            vr = ElementDictionary.vrOf(tag);
            length = int32(at + 4) & UNDEFINED;
            at += 8;
            return;
        }
        // A VR of a later edition has the long header, PS3.5 7.1.2.
        vr = known == null ? VR.UN : known;
        if (known == null || vr.hasLongLength()) {
            if (fill(12) < 12) {
                throw error("the stream ends inside the element");
            }
            length = int32(at + 8) & UNDEFINED;
            at += 12;
        } else {
            length = short16(at + 6);
            at += 8;
        }
    }

    private void element(Attributes ds, int depth, long limit) throws IOException {
        int t = tag;
        if (t == ITEM || t == ITEM_END || t == SEQUENCE_END) {
            throw error("delimiter where an element should be");
        }
        if (ds.size() >= MAX_ELEMENTS) {
            throw error("more than %d elements in one data set".formatted(MAX_ELEMENTS));
        }
        hold(ELEMENT_COST);
        boolean unknown = vr == VR.UN;
        if (unknown && !implicitElement) {
            // A standard element whose VR the writer did not know or whose length did not fit.
            vr = ElementDictionary.vrOf(t);
        }
        if (vr == VR.US && implicitElement && ElementDictionary.isUnsignedOrSigned(t)) {
            vr = pixelRepresentation(ds) == 1 ? VR.SS : VR.US;
        }
        if (length == UNDEFINED && t != Tag.PixelData && (unknown || vr == VR.SQ)) {
            // UN of undefined length is a sequence in implicit VR little endian (PS3.5 6.2.2).
            sequence(ds, depth, limit, unknown);
        } else if (length == UNDEFINED) {
            if (vr != VR.OB && vr != VR.OW && vr != VR.UN) {
                throw error("undefined length in VR " + vr);
            }
            fragments(ds, limit);
        } else if (vr == VR.SQ) {
            sequence(ds, depth, limit, unknown);
        } else {
            byte[] value = value(length);
            if (bigEndian && !unknown) {
                swap(value, vr.unitBytes());
            }
            ds.putRaw(t, vr, value);
            if (t == Tag.PixelRepresentation
                    && implicitElement
                    && ds.getInt(Tag.PixelRepresentation, 0) == 1) {
                ds.makeSigned();
            }
        }
    }

    private void sequence(Attributes ds, int depth, long limit, boolean implicitLittle)
            throws IOException {
        if (depth >= MAX_NESTING) {
            throw error("sequences nested deeper than " + MAX_NESTING);
        }
        boolean explicitAround = explicit;
        boolean bigAround = bigEndian;
        if (implicitLittle) {
            explicit = false;
            bigEndian = false;
        }
        int t = tag;
        boolean open = length == UNDEFINED;
        long until = open ? limit : position() + length;
        ds.putSequence(t);
        while (open || position() < until) {
            if (!nextHeader(until)) {
                throw error("the stream ends inside the sequence");
            }
            if (tag == SEQUENCE_END) {
                if (open) {
                    break;
                }
                continue;
            }
            if (tag != ITEM) {
                throw error("item expected");
            }
            item(ds.newItem(t), depth + 1, until);
        }
        explicit = explicitAround;
        bigEndian = bigAround;
    }

    private void item(Attributes item, int depth, long limit) throws IOException {
        hold(ITEM_COST);
        boolean open = length == UNDEFINED;
        long until = open ? limit : position() + length;
        while (open || position() < until) {
            if (!nextHeader(until)) {
                throw error("the stream ends inside the item");
            }
            if (tag == ITEM_END) {
                if (open) {
                    return;
                }
                continue;
            }
            element(item, depth, until);
        }
    }

    private void fragments(Attributes ds, long limit) throws IOException {
        int t = tag;
        VR fragmentVr = vr == VR.UN ? VR.OB : vr;
        List<byte[]> parts = new ArrayList<>();
        for (long n = nextFragment(limit); n >= 0; n = nextFragment(limit)) {
            parts.add(value(n));
        }
        ds.setFragments(t, fragmentVr, parts);
    }

    /**
     * Goes on to the first fragment of the encapsulated value at which {@link #readDatasetUntil}
     * stopped, or behind one to the next.
     *
     * @return its length; -1 behind the last one
     */
    long nextFragment() throws IOException {
        pending = false;
        return nextFragment(Long.MAX_VALUE);
    }

    private long nextFragment(long limit) throws IOException {
        if (!nextHeader(limit)) {
            throw error("the stream ends inside encapsulated pixel data");
        }
        if (tag == SEQUENCE_END) {
            return -1;
        }
        if (tag != ITEM || length == UNDEFINED) {
            throw error("fragment expected");
        }
        hold(ELEMENT_COST);
        return length;
    }

    /** Pixel Representation of this data set or the ones around it, 0 if there is none. */
    private static int pixelRepresentation(Attributes ds) {
        for (Attributes a = ds; a != null; a = a.getParent()) {
            if (a.contains(Tag.PixelRepresentation)) {
                return a.getInt(Tag.PixelRepresentation, 0);
            }
        }
        return 0;
    }

    // ---------------------------------------------------------------- bytes

    private byte[] value(long wanted) throws IOException {
        if (wanted > Integer.MAX_VALUE - 8) {
            throw error("a value of %d bytes is too long to be held".formatted(wanted));
        }
        hold(wanted);
        int n = (int) wanted;
        byte[] value = new byte[Math.min(n, TRUSTED_BYTES)];
        int have = Math.min(value.length, end - at);
        System.arraycopy(buffer, at, value, 0, have);
        at += have;
        while (have < n) {
            if (have == value.length) {
                value = Arrays.copyOf(value, (int) Math.min(n, 2L * value.length));
            }
            int got = more(value, have);
            if (got < 0) {
                throw error("the stream ends %d bytes before the value does".formatted(n - have));
            }
            bufferStart += got;
            have += got;
        }
        return value;
    }

    private void hold(long bytes) throws DicomException {
        held += bytes;
        if (held > heldLimit) {
            throw error("data set larger than the %d bytes allowed".formatted(heldLimit));
        }
    }

    private static void swap(byte[] b, int unit) {
        for (int i = 0; i + unit <= b.length && unit > 1; i += unit) {
            for (int j = 0; j < unit / 2; j++) {
                byte x = b[i + j];
                b[i + j] = b[i + unit - 1 - j];
                b[i + unit - 1 - j] = x;
            }
        }
    }

    /** Makes so many bytes lie in the buffer, if the stream has them; returns how many do. */
    private int fill(int n) throws IOException {
        if (end - at >= n) {
            return end - at;
        }
        System.arraycopy(buffer, at, buffer, 0, end - at);
        bufferStart += at;
        end -= at;
        at = 0;
        while (end < n) {
            int got = more(buffer, end);
            if (got < 0) {
                break;
            }
            end += got;
        }
        return end;
    }

    private int more(byte[] b, int from) throws IOException {
        try {
            return in.read(b, from, b.length - from);
        } catch (EOFException e) {
            throw inflater == null ? e : new DicomException("the deflated data set is cut off", e);
        } catch (ZipException e) {
            throw new DicomException("the data set is not deflated: " + e.getMessage(), e);
        }
    }

    private int short16(int i) {
        return bigEndian
                ? ((buffer[i] & 0xFF) << 8) | (buffer[i + 1] & 0xFF)
                : ((buffer[i + 1] & 0xFF) << 8) | (buffer[i] & 0xFF);
    }

    private int int32(int i) {
        return bigEndian
                ? (short16(i) << 16) | short16(i + 2)
                : (short16(i + 2) << 16) | short16(i);
    }

    private DicomException error(String what) {
        return new DicomException(tag, headerAt, what);
    }
}
