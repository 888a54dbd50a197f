package org.negvol.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is made to harm ends in a {@link DicomException}, and takes no more memory than its bytes
 * deserve.
 */
class HostileDatasetTest {

    private static final long MEGABYTE = 1 << 20;
    private static final int UNDEFINED = -1;
    private static final int ITEM = 0xFFFEE000;

    /** An encoder of elements that are not as they should be. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Bytes tag(int tag) {
            return int16(tag >>> 16).int16(tag);
        }

        Bytes int16(int v) {
            out.write(v);
            out.write(v >> 8);
            return this;
        }

        Bytes int32(int v) {
            return int16(v).int16(v >>> 16);
        }

        Bytes longElement(int tag, String vr, int length) {
            tag(tag);
            out.writeBytes(vr.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return int16(0).int32(length);
        }

        Bytes item(int length) {
            return tag(ITEM).int32(length);
        }

        Bytes raw(byte... bytes) {
            out.writeBytes(bytes);
            return this;
        }

        byte[] done() {
            return out.toByteArray();
        }
    }

    private static Attributes read(byte[] dataset, TransferSyntax syntax) throws IOException {
        return read(new ByteArrayInputStream(dataset), syntax);
    }

    private static Attributes read(InputStream dataset, TransferSyntax syntax) throws IOException {
        try (DicomInputStream in = new DicomInputStream(dataset, syntax)) {
            return in.limitHeldBytes(16 * MEGABYTE).readDataset();
        }
    }

    /** Fails as it should, within so much memory. */
    private static void refused(long mostBytes, Callable<?> work, String... words) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        var thrown = assertThatThrownBy(work::call).isInstanceOf(DicomException.class);
        for (String word : words) {
            thrown.hasMessageContaining(word);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(mostBytes);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tenThousandNestedSequencesAreRefused(boolean undefined) {
        Bytes deep = new Bytes();
        for (int left = 10_000; left > 0; left--) {
            // A sequence and an item have headers of 12 and 8 bytes.
            deep.longElement(Tag.ContentSequence, "SQ", undefined ? UNDEFINED : 20 * left - 12)
                    .item(undefined ? UNDEFINED : 20 * left - 20);
        }
        refused(
                8 * MEGABYTE,
                () -> read(deep.done(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                "nested deeper");
    }

    @Test
    void unknownElementsThatAreSequencesInDisguiseNestNoDeeper() {
        Bytes deep = new Bytes();
        deep.longElement(0x00091001, "UN", UNDEFINED).item(UNDEFINED);
        for (int i = 0; i < 10_000; i++) {
            deep.tag(Tag.ContentSequence).int32(UNDEFINED).item(UNDEFINED);
        }
        refused(
                8 * MEGABYTE,
                () -> read(deep.done(), TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                "nested deeper");
    }

    @Test
    void anItemLongerThanItsSequenceIsRefused() {
        byte[] ds =
                new Bytes()
                        .longElement(Tag.ContentSequence, "SQ", 16)
                        .item(4000)
                        .raw(new byte[4000])
                        .done();
        refused(
                MEGABYTE,
                () -> read(ds, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN),
                "beyond the item around it");
    }

    @Test
    void anItemLongerThanTheFileIsRefused() {
        byte[] ds =
                new Bytes()
                        .longElement(Tag.ContentSequence, "SQ", UNDEFINED)
                        .item(0x7FFFFFF0)
                        .longElement(Tag.TextValue, "UT", 0x70000000)
                        .raw(new byte[100])
                        .done();
        refused(MEGABYTE, () -> read(ds, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00FFFFFE, 0x7FFFFFFE, 0xFFFFFFFE})
    void aLengthThatIsOnlyClaimedTakesNoMemory(int length) {
        byte[] ds = new Bytes().longElement(Tag.PixelData, "OW", length).raw(new byte[64]).done();
        refused(2 * MEGABYTE, () -> read(ds, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
    }

    @Test
    void aDeflateBombIsStoppedAtTheLimit() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out =
                new DeflaterOutputStream(bomb, new Deflater(6, true), 1 << 16)) {
            out.write(new Bytes().longElement(Tag.TextValue, "UT", 1 << 26).done());
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        assertThat(bomb.size()).isLessThan((int) MEGABYTE);
        refused(
                2 * MEGABYTE,
                () -> read(bomb.toByteArray(), TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
                "larger than");
    }

    @Test
    void aDeflateBombOfEmptyElementsIsStoppedAtTheLimit() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        byte[] item = new Bytes().item(0).done();
        try (DeflaterOutputStream out =
                new DeflaterOutputStream(bomb, new Deflater(6, true), 1 << 16)) {
            out.write(new Bytes().longElement(Tag.ContentSequence, "SQ", UNDEFINED).done());
            for (int i = 0; i < 200_000; i++) {
                out.write(item);
            }
        }
        refused(
                32 * MEGABYTE,
                () -> read(bomb.toByteArray(), TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN),
                "larger than");
    }

    @Test
    void whatIsSaidToBeDeflatedAndIsNotIsRefused() {
        refused(
                MEGABYTE,
                () ->
                        read(
                                new byte[] {(byte) 0xFF, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
    }

    @Test
    void aStreamOfElementsWithoutEndIsRefused() {
        byte[] one = new Bytes().longElement(0x00091001, "OB", 2).int16(0).done();
        InputStream endless =
                new InputStream() {
                    private long at;

                    @Override
                    public int read() {
                        return one[(int) (at++ % one.length)] & 0xFF;
                    }

                    @Override
                    public int read(byte[] b, int off, int len) {
                        for (int i = 0; i < len; i++) {
                            b[off + i] = (byte) read();
                        }
                        return len;
                    }
                };
        // The same element again and again replaces itself, but costs each time.
        refused(
                64 * MEGABYTE,
                () ->
                        read(
                                new SequenceInputStream(
                                        new ByteArrayInputStream(new byte[0]), endless),
                                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "longer than the stream",
                "of undefined length",
                "no item",
                "no end",
                "element between"
            })
    void fragmentsThatLieAreRefused(String how) {
        Bytes ds = new Bytes().longElement(Tag.PixelData, "OB", UNDEFINED).item(0);
        switch (how) {
            case "longer than the stream" -> ds.item(0x7FFFFFFE).raw(new byte[10]);
            case "of undefined length" -> ds.item(UNDEFINED).raw(new byte[10]);
            case "no item" -> ds.raw(new byte[64]);
            case "no end" -> ds.item(4).int32(0);
            default -> ds.longElement(Tag.PixelData, "OB", 2).int16(0);
        }
        refused(2 * MEGABYTE, () -> read(ds.done(), TransferSyntax.of(UID.JPEGLosslessSV1)));
    }

    @Test
    void pixelsThatAreNotThereAreRefused() {
        List<Consumer<Attributes>> lies =
                List.of(
                        a -> a.setInt(Tag.Rows, VR.US, 65535).setInt(Tag.Columns, VR.US, 65535),
                        a -> a.setInt(Tag.Rows, VR.US, 0),
                        a -> a.setNull(Tag.Columns, VR.US),
                        a -> a.setInt(Tag.Rows, VR.US, SampleImages.ROWS + 1),
                        a -> a.setInt(Tag.NumberOfFrames, VR.IS, -1).setInt(Tag.Rows, VR.US, 62),
                        a -> a.setInt(Tag.BitsAllocated, VR.US, 32),
                        a -> a.setInt(Tag.BitsStored, VR.US, 17),
                        a -> a.setInt(Tag.HighBit, VR.US, 3),
                        a -> a.setInt(Tag.SamplesPerPixel, VR.US, 3),
                        a -> a.remove(Tag.PixelData),
                        a -> a.setNull(Tag.PixelData, VR.OW),
                        a -> a.setFragments(Tag.PixelData, VR.OB, List.of(new byte[0])));
        for (Consumer<Attributes> lie : lies) {
            Attributes image = SampleImages.image(16, true, 1, 4);
            lie.accept(image);
            refused(
                    MEGABYTE,
                    () -> PixelDecoder.decode(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
        }
    }

    @Test
    void aSmallFragmentThatClaimsAHugeImageTakesNoMemory() {
        byte[] jpeg = {
            -1,
            (byte) 0xD8,
            -1,
            (byte) 0xC3,
            0,
            11,
            16,
            -1,
            -1,
            -1,
            -1,
            1,
            1,
            0x11,
            0,
            -1,
            (byte) 0xC4,
            0,
            20,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            -1,
            (byte) 0xDA,
            0,
            8,
            1,
            1,
            0,
            1,
            0,
            0,
            0,
            0,
            0,
            0,
            -1,
            (byte) 0xD9
        };
        byte[] rle = new byte[128];
        ByteBuffer.wrap(rle).order(ByteOrder.LITTLE_ENDIAN).putInt(2).putInt(64).putInt(96);
        for (byte[] fragment : List.of(jpeg, rle)) {
            for (String syntax : List.of(UID.JPEGLosslessSV1, UID.RLELossless)) {
                Attributes image = SampleImages.image(16, true, 1, 5);
                image.setInt(Tag.Rows, VR.US, 30_000).setInt(Tag.Columns, VR.US, 30_000);
                image.setFragments(Tag.PixelData, VR.OB, List.of(new byte[0], fragment));
                refused(4 * MEGABYTE, () -> PixelDecoder.decode(image, TransferSyntax.of(syntax)));
            }
        }
    }

    @Test
    void everyTruncationOfADatasetIsReadOrRefused() throws IOException {
        Attributes ds = new RandomDatasets(new SplittableRandom(7), true).next(40);
        for (TransferSyntax syntax :
                List.of(
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                        TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            byte[] bytes = encode(ds, syntax);
            for (int length = 0; length < bytes.length; length++) {
                byte[] part = java.util.Arrays.copyOf(bytes, length);
                try {
                    assertThat(read(part, syntax).size()).isLessThanOrEqualTo(ds.size());
                } catch (DicomException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
            }
        }
    }

    @Test
    void everyMutationOfADatasetIsReadOrRefused() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        List<TransferSyntax> syntaxes =
                List.of(
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                        TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                        TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);
        for (int i = 0; i < 1000; i++) {
            TransferSyntax syntax = syntaxes.get(i % 4);
            byte[] bytes =
                    encode(
                            new RandomDatasets(random.split(), syntax.explicitVR()).next(12),
                            syntax);
            for (int k = random.nextInt(6); k >= 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                Attributes read = read(bytes, syntax);
                assertThat(read.toString()).isNotNull();
                for (int tag : read.tags()) {
                    read.getStrings(tag);
                    read.getInts(tag);
                    read.getDoubles(tag);
                }
            } catch (DicomException e) {
                assertThat(e.getMessage()).as("seed %d, run %d", seed, i).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d, run %d".formatted(seed, i), e);
            }
        }
    }

    /** The seeds named have run for ever once; 0 stands for another one each time. */
    @ParameterizedTest
    @ValueSource(longs = {0, 11, 102, 315})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void everyMutationOfACompressedFrameIsDecodedOrRefused(long fixed) throws IOException {
        long seed = fixed == 0 ? System.nanoTime() : fixed;
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> frames = CompressedSamples.all();
        for (int i = 0; i < 800; i++) {
            byte[] frame = frames.get(i % frames.size()).clone();
            for (int k = random.nextInt(5); k >= 0; k--) {
                // Headers are where harm is done.
                int at = random.nextInt(random.nextBoolean() ? 120 : frame.length);
                frame[at] = (byte) random.nextInt(256);
            }
            if (random.nextInt(4) == 0) {
                frame = java.util.Arrays.copyOf(frame, random.nextInt(frame.length));
            }
            Attributes image = SampleImages.image(16, true, 1, 6);
            image.setFragments(Tag.PixelData, VR.OB, List.of(new byte[0], frame));
            for (String syntax : CompressedSamples.SYNTAXES) {
                try {
                    PixelDecoder.decode(image, TransferSyntax.of(syntax));
                } catch (DicomException e) {
                    assertThat(e.getMessage()).isNotBlank();
                } catch (RuntimeException e) {
                    throw new AssertionError("seed %d, run %d, %s".formatted(seed, i, syntax), e);
                }
            }
        }
    }

    private static byte[] encode(Attributes ds, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DicomOutputStream dicom = new DicomOutputStream(out)) {
            dicom.writeDataset(ds, syntax);
            dicom.flush();
        }
        return out.toByteArray();
    }
}
