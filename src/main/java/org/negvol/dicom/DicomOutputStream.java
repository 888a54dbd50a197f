package org.negvol.dicom;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes data sets and files, strictly: tags ascend, lengths are even, values are padded as PS3.5
 * 6.2 says, group lengths are left out (PS3.5 7.2), a value too long for its VR is written as UN
 * (PS3.5 6.2.2). Sequences and items have undefined length. The same data set gives the same bytes.
 */
public final class DicomOutputStream implements AutoCloseable {

    private static final int UNDEFINED = 0xFFFFFFFF;
    private static final int ITEM = 0xFFFEE000;
    private static final int ITEM_END = 0xFFFEE00D;
    private static final int SEQUENCE_END = 0xFFFEE0DD;
    private static final int MAX_SHORT_LENGTH = 0xFFFE;

    private OutputStream out;
    private final byte[] buffer = new byte[1 << 13];
    private int used;
    private boolean explicit;
    private boolean bigEndian;

    public DicomOutputStream(OutputStream out) {
        this.out = out;
    }

    /**
     * Writes a file: preamble, file meta information, data set in the transfer syntax named there.
     *
     * @throws DicomException if a value cannot be written as the standard asks
     * @throws IllegalArgumentException if the header names no transfer syntax
     */
    public void writeFile(Attributes meta, Attributes dataset) throws IOException {
        String uid = meta.getString(Tag.TransferSyntaxUID);
        if (uid == null) {
            throw new IllegalArgumentException("the file meta information has no transfer syntax");
        }
        writeFileMetaInformation(meta);
        writeDataset(dataset, TransferSyntax.of(uid));
    }

    /** Writes the preamble and the file meta information with its group length. */
    public void writeFileMetaInformation(Attributes meta) throws IOException {
        ByteArrayOutputStream group = new ByteArrayOutputStream();
        DicomOutputStream body = new DicomOutputStream(group);
        body.explicit = true;
        for (int i = 0; i < meta.size(); i++) {
            if (meta.tagAt(i) >>> 16 != 2) {
                throw new DicomException(meta.tagAt(i), "no file meta information");
            }
            if (meta.tagAt(i) != Tag.FileMetaInformationGroupLength) {
                body.element(meta, i);
            }
        }
        body.flushBuffer();
        bytes(new byte[128], 128);
        bytes("DICM".getBytes(StandardCharsets.US_ASCII), 4);
        explicit = true;
        bigEndian = false;
        header(Tag.FileMetaInformationGroupLength, VR.UL, 4);
        int32(group.size());
        bytes(group.toByteArray(), group.size());
    }

    /**
     * Writes a data set.
     *
     * @throws DicomException if a value cannot be written as the standard asks
     */
    public void writeDataset(Attributes dataset, TransferSyntax syntax) throws IOException {
        explicit = syntax.explicitVR();
        bigEndian = syntax.bigEndian();
        if (!syntax.encapsulated() && dataset.getFragments(Tag.PixelData) != null) {
            throw new DicomException(
                    Tag.PixelData, "fragments in a transfer syntax that is not encapsulated");
        }
        if (!syntax.deflated()) {
            dataset(dataset);
            return;
        }
        flushBuffer();
        OutputStream around = out;
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            Counter counter = new Counter(around);
            DeflaterOutputStream deflating = new DeflaterOutputStream(counter, deflater, 1 << 13);
            out = deflating;
            dataset(dataset);
            flushBuffer();
            deflating.finish();
            if (counter.count % 2 != 0) {
                around.write(0);
            }
        } finally {
            out = around;
            deflater.end();
        }
    }

    /** Sends on what is buffered. */
    public void flush() throws IOException {
        flushBuffer();
        out.flush();
    }

    @Override
    public void close() throws IOException {
        try (OutputStream closing = out) {
            flushBuffer();
            closing.flush();
        }
    }

    /** Encodes a command set with its group length (PS3.7 6.3.1). */
    public static byte[] encodeCommand(Attributes command) {
        ByteArrayOutputStream group = new ByteArrayOutputStream();
        DicomOutputStream body = new DicomOutputStream(group);
        try {
            // Room for the group length, which is known at the end.
            body.header(Tag.CommandGroupLength, VR.UL, 4);
            body.int32(0);
            for (int i = 0; i < command.size(); i++) {
                if (command.tagAt(i) >>> 16 != 0) {
                    throw new IllegalArgumentException(
                            ElementDictionary.toString(command.tagAt(i))
                                    + " is no element of a command");
                }
                if (command.tagAt(i) != Tag.CommandGroupLength) {
                    body.element(command, i);
                }
            }
            body.flushBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] bytes = group.toByteArray();
        int length = bytes.length - 12;
        for (int i = 0; i < 4; i++) {
            bytes[8 + i] = (byte) (length >>> (8 * i));
        }
        return bytes;
    }

    private static final class Counter extends FilterOutputStream {
        long count;

        Counter(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            count++;
        }

        @Override
        public void write(byte[] b, int off, int len) throws IOException {
            out.write(b, off, len);
            count += len;
        }
    }

    private void dataset(Attributes ds) throws IOException {
        for (int i = 0; i < ds.size(); i++) {
            int tag = ds.tagAt(i);
            int group = tag >>> 16;
            if ((group < 8 && group != 4) || group == 0xFFFE) {
                throw new DicomException(tag, "no element of a data set");
            }
            // Group lengths and Length to End are retired, and wrong as soon as anything changes.
            if ((tag & 0xFFFF) != 0
                    && tag != Tag.LengthToEnd
                    && tag != Tag.DataSetTrailingPadding) {
                element(ds, i);
            }
        }
    }

    private void element(Attributes ds, int i) throws IOException {
        int tag = ds.tagAt(i);
        VR vr = ds.vrAt(i);
        List<Attributes> items = ds.itemsAt(i);
        List<byte[]> fragments = ds.fragmentsAt(i);
        if (items != null) {
            header(tag, VR.SQ, items.isEmpty() ? 0 : UNDEFINED);
            for (Attributes item : items) {
                header(ITEM, VR.UN, item.isEmpty() ? 0 : UNDEFINED);
                if (!item.isEmpty()) {
                    dataset(item);
                    header(ITEM_END, VR.UN, 0);
                }
            }
            if (!items.isEmpty()) {
                header(SEQUENCE_END, VR.UN, 0);
            }
        } else if (fragments != null) {
            header(tag, vr, UNDEFINED);
            for (byte[] fragment : fragments) {
                int length = fragment.length + (fragment.length & 1);
                header(ITEM, VR.UN, length);
                bytes(fragment, fragment.length);
                if (length != fragment.length) {
                    one((byte) 0);
                }
            }
            header(SEQUENCE_END, VR.UN, 0);
        } else {
            byte[] value = ds.bytes(i);
            int length = value.length + (value.length & 1);
            if (explicit && !vr.hasLongLength() && length > MAX_SHORT_LENGTH) {
                header(tag, VR.UN, length);
                bytes(value, value.length);
            } else {
                header(tag, vr, length);
                if (bigEndian && vr.unitBytes() > 1) {
                    swapped(value, vr.unitBytes());
                } else {
                    bytes(value, value.length);
                }
            }
            if (length != value.length) {
                one(vr.padding());
            }
        }
    }

    private void header(int tag, VR vr, int length) throws IOException {
        room(12);
        int16(tag >>> 16);
        int16(tag);
        if (!explicit || tag >>> 16 == 0xFFFE) {
            int32(length);
            return;
        }
        buffer[used++] = (byte) vr.name().charAt(0);
        buffer[used++] = (byte) vr.name().charAt(1);
        if (vr.hasLongLength()) {
            int16(0);
            int32(length);
        } else {
            int16(length);
        }
    }

    private void int16(int v) {
        buffer[used++] = (byte) (bigEndian ? v >>> 8 : v);
        buffer[used++] = (byte) (bigEndian ? v : v >>> 8);
    }

    private void int32(int v) throws IOException {
        room(4);
        int16(bigEndian ? v >>> 16 : v);
        int16(bigEndian ? v : v >>> 16);
    }

    private void one(byte b) throws IOException {
        room(1);
        buffer[used++] = b;
    }

    private void swapped(byte[] value, int unit) throws IOException {
        int i = 0;
        for (; i + unit <= value.length; i += unit) {
            room(unit);
            for (int j = unit - 1; j >= 0; j--) {
                buffer[used++] = value[i + j];
            }
        }
        for (; i < value.length; i++) {
            one(value[i]);
        }
    }

    private void bytes(byte[] b, int n) throws IOException {
        if (n > buffer.length - used) {
            flushBuffer();
            if (n > buffer.length / 2) {
                out.write(b, 0, n);
                return;
            }
        }
        System.arraycopy(b, 0, buffer, used, n);
        used += n;
    }

    private void room(int n) throws IOException {
        if (buffer.length - used < n) {
            flushBuffer();
        }
    }

    private void flushBuffer() throws IOException {
        out.write(buffer, 0, used);
        used = 0;
    }
}
