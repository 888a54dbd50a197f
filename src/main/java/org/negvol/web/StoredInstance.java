package org.negvol.web;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.archive.Archive;
import org.negvol.archive.ArchiveQuery;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.BlockInputStream;
import org.negvol.dicom.DicomException;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomJson;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.PixelDecoder;
import org.negvol.dicom.PixelFrame;
import org.negvol.dicom.Tag;
import org.negvol.dicom.Transcoder;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;

/**
 * An archived instance and the parts of it that DICOMweb hands out. Native pixel data go from the
 * disk to the peer without being held; what must be decoded is held one instance at a time.
 */
final class StoredInstance {

    /** What a data set without its pixel data may need in memory, bytes. */
    private static final long MOST_HEADER_BYTES = 256L << 20;

    /** An instance that must be encoded anew is held whole, bytes. */
    private static final long MOST_HELD_BYTES = 1L << 30;

    private static final String PIXEL_DATA = "7FE00010";

    private final Archive archive;
    private final ArchiveQuery.Found found;
    private final TransferSyntax syntax;

    StoredInstance(Archive archive, ArchiveQuery.Found found) {
        this.archive = archive;
        this.found = found;
        syntax = TransferSyntax.of(found.transferSyntaxUid());
    }

    String sopInstanceUid() {
        return found.sopInstanceUid();
    }

    /** Whether its file can be had in a transfer syntax; {@code *} is the stored one. */
    boolean has(String transferSyntaxUid) {
        return transferSyntaxUid.equals("*")
                || transferSyntaxUid.equals(syntax.uid())
                || (isNative(transferSyntaxUid) && PixelDecoder.isSupported(syntax));
    }

    private static boolean isNative(String uid) {
        return uid.equals(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid())
                || uid.equals(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN.uid());
    }

    /** Which transfer syntax {@link #writeFile} will use. */
    String written(String transferSyntaxUid) {
        return transferSyntaxUid.equals("*") ? syntax.uid() : transferSyntaxUid;
    }

    /**
     * Writes the instance as a file.
     *
     * @param transferSyntaxUid one that it {@linkplain #has has}
     */
    void writeFile(String transferSyntaxUid, OutputStream out) throws IOException {
        if (written(transferSyntaxUid).equals(syntax.uid())) {
            try (InputStream file = archive.open(found.objectKey())) {
                file.transferTo(out);
            }
            return;
        }
        TransferSyntax target = TransferSyntax.of(transferSyntaxUid);
        Attributes dataset = Transcoder.uncompressed(whole(), syntax);
        DicomOutputStream dicom = new DicomOutputStream(out);
        dicom.writeFile(FileMeta.of(dataset, target), dataset);
        dicom.flush();
    }

    /** Writes all but what is long, with URIs where that can be fetched (PS3.18 F.2). */
    void writeMetadata(Appendable out, String bulkDataUri) throws IOException {
        Attributes header = header();
        if (header.contains(Tag.Rows)) {
            // Without a value of its own, so that the writer names where it is.
            header.setFragments(
                    Tag.PixelData,
                    header.getInt(Tag.BitsAllocated, 16) > 8 ? VR.OW : VR.OB,
                    List.of());
        }
        DicomJson.write(header, out, path -> bulkDataUri + "/" + path);
    }

    /** How many frames of pixel data there are; 0 if it is no image. */
    int frames() throws IOException {
        Attributes header = header();
        return header.contains(Tag.Rows) ? Math.max(1, header.getInt(Tag.NumberOfFrames, 1)) : 0;
    }

    /** The value of an element that the metadata name a URI of; null if there is none. */
    byte @Nullable [] bulkData(String path) throws IOException {
        if (path.equalsIgnoreCase(PIXEL_DATA)) {
            return Transcoder.uncompressed(whole(), syntax).getBytes(Tag.PixelData);
        }
        return DicomJson.find(header(), path);
    }

    /** Takes long values, one after the other. */
    @FunctionalInterface
    interface ValueWriter {
        /**
         * Writes one.
         *
         * @param path as {@link #bulkData(String)} takes it
         */
        void write(String path, byte[] value) throws IOException;
    }

    /** Gives every value that the metadata name a URI of, and reads the object once for them. */
    void bulkData(ValueWriter writer) throws IOException {
        Attributes header = header();
        List<String> paths = new ArrayList<>();
        DicomJson.write(
                header,
                Writer.nullWriter(),
                path -> {
                    paths.add(path);
                    return path;
                });
        for (String path : paths) {
            byte[] value = DicomJson.find(header, path);
            if (value != null) {
                writer.write(path, value);
            }
        }
        if (header.contains(Tag.Rows)) {
            byte[] pixels = bulkData(PIXEL_DATA);
            if (pixels != null) {
                writer.write(PIXEL_DATA, pixels);
            }
        }
    }

    /** Takes the native bytes of frames, one after the other. */
    @FunctionalInterface
    interface FrameWriter {
        /** Writes one; {@code pixels} ends with the frame. */
        void write(InputStream pixels) throws IOException;
    }

    /**
     * Gives frames as native pixel data in little endian.
     *
     * @param frames their numbers, from 1
     */
    void frames(List<Integer> frames, FrameWriter writer) throws IOException {
        if (syntax.encapsulated() || syntax.bigEndian()) {
            Attributes dataset = whole();
            for (int frame : frames) {
                writer.write(new java.io.ByteArrayInputStream(decoded(dataset, frame)));
            }
            return;
        }
        DicomInputStream in = null;
        InputStream pixels = null;
        long bits = 0;
        int next = 0;
        try {
            for (int frame : frames) {
                if (pixels == null || frame < next || bits % 8 != 0) {
                    if (in != null) {
                        in.close();
                    }
                    in = open();
                    Attributes header =
                            in.limitHeldBytes(MOST_HEADER_BYTES).readDatasetUntil(Tag.PixelData);
                    bits = frameBits(header);
                    pixels = in.openValue(Tag.PixelData);
                    if (pixels == null) {
                        throw new DicomException(Tag.PixelData, "the object has no pixel data");
                    }
                    next = 1;
                }
                long firstBit = (frame - next) * bits;
                pixels.skipNBytes(firstBit / 8);
                int shift = (int) (firstBit % 8);
                if (shift == 0 && bits % 8 == 0) {
                    writer.write(new Exactly(pixels, bits / 8));
                } else {
                    writer.write(
                            new java.io.ByteArrayInputStream(shifted(pixels, shift, (int) bits)));
                }
                next = frame + 1;
            }
        } finally {
            if (in != null) {
                in.close();
            }
        }
    }

    /** One frame with what is needed to show it. */
    @SuppressWarnings("ArrayRecordComponent") // Made, drawn and forgotten; nobody compares it.
    record Picture(Attributes header, byte[] pixels) {}

    /**
     * A frame for a picture.
     *
     * @param frame from 1
     */
    Picture picture(int frame) throws IOException {
        Attributes header = header();
        byte[][] pixels = new byte[1][];
        frames(List.of(frame), in -> pixels[0] = in.readAllBytes());
        return new Picture(header, pixels[0]);
    }

    private static long frameBits(Attributes image) {
        return (long) image.getInt(Tag.Rows, 0)
                * image.getInt(Tag.Columns, 0)
                * image.getInt(Tag.SamplesPerPixel, 1)
                * image.getInt(Tag.BitsAllocated, 16);
    }

    /** Frames of single bits follow each other without gaps (PS3.5 8.1.1). */
    private static byte[] shifted(InputStream in, int shift, int bits) throws IOException {
        byte[] from = in.readNBytes((shift + bits + 7) / 8);
        byte[] to = new byte[(bits + 7) / 8];
        for (int i = 0; i < bits; i++) {
            int at = shift + i;
            if (at / 8 < from.length && (from[at / 8] >> (at % 8) & 1) != 0) {
                to[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return to;
    }

    private byte[] decoded(Attributes dataset, int frame) throws DicomException {
        PixelFrame pixels = PixelDecoder.decode(dataset, syntax, frame - 1);
        boolean wide = dataset.getInt(Tag.BitsAllocated, 16) > 8;
        short[] values = pixels.values();
        byte[] bytes = new byte[values.length * (wide ? 2 : 1)];
        for (int i = 0; i < values.length; i++) {
            if (wide) {
                bytes[2 * i] = (byte) values[i];
                bytes[2 * i + 1] = (byte) (values[i] >> 8);
            } else {
                bytes[i] = (byte) values[i];
            }
        }
        return bytes;
    }

    private Attributes header() throws IOException {
        try (DicomInputStream in = open()) {
            return in.limitHeldBytes(MOST_HEADER_BYTES).readDatasetUntil(Tag.PixelData);
        }
    }

    private Attributes whole() throws IOException {
        try (DicomInputStream in = open()) {
            return in.limitHeldBytes(MOST_HELD_BYTES).readDataset();
        }
    }

    private DicomInputStream open() throws IOException {
        return new DicomInputStream(
                new BufferedInputStream(archive.open(found.objectKey()), 1 << 16));
    }

    /** So many bytes of a stream, and an error if it has fewer. */
    private static final class Exactly extends BlockInputStream {
        private final InputStream in;
        private long left;

        Exactly(InputStream in, long bytes) {
            this.in = in;
            left = bytes;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            if (left == 0) {
                return -1;
            }
            int got = in.read(b, off, (int) Math.min(len, left));
            if (got < 0) {
                throw new EOFException("the pixel data are shorter than their frames");
            }
            left -= got;
            return got;
        }
    }
}
