package org.negvol.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.EnhancedCtObject;
import org.negvol.Peers;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** The frames of an Enhanced CT Image are the slices that it was made of. */
class EnhancedCtTest {

    private static final long SEED = 8;
    private static final int SLICES = 12;

    /** Odd, so that rows do not end where blocks do. */
    private static final int ROWS = 61;

    private static final int COLUMNS = 47;

    @TempDir Path folder;

    /** Signed pixels of 16 bits, each slice with a rescaling of its own, in shuffled order. */
    private static List<Attributes> slices() {
        Random random = new Random(SEED);
        List<Attributes> slices = new ArrayList<>();
        for (int k = 0; k < SLICES; k++) {
            byte[] pixels = new byte[2 * ROWS * COLUMNS];
            random.nextBytes(pixels);
            slices.add(
                    new Attributes()
                            .setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage)
                            .setString(Tag.SOPInstanceUID, VR.UI, "1.2.3." + k)
                            .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                            .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.4")
                            .setString(Tag.FrameOfReferenceUID, VR.UI, "1.2.5")
                            .setString(Tag.Modality, VR.CS, "CT")
                            .setString(Tag.ImageType, VR.CS, "ORIGINAL", "PRIMARY", "AXIAL")
                            .setString(Tag.ConvolutionKernel, VR.SH, "BONE")
                            .setString(Tag.KVP, VR.DS, "120")
                            .setInt(Tag.SamplesPerPixel, VR.US, 1)
                            .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                            .setInt(Tag.Rows, VR.US, ROWS)
                            .setInt(Tag.Columns, VR.US, COLUMNS)
                            .setInt(Tag.BitsAllocated, VR.US, 16)
                            .setInt(Tag.BitsStored, VR.US, 16)
                            .setInt(Tag.HighBit, VR.US, 15)
                            .setInt(Tag.PixelRepresentation, VR.US, 1)
                            .setDouble(Tag.PixelSpacing, VR.DS, 0.5, 0.4)
                            .setDouble(Tag.SliceThickness, VR.DS, 0.7)
                            .setDouble(Tag.ImageOrientationPatient, VR.DS, 0, 1, 0, 0, 0, -1)
                            .setDouble(Tag.ImagePositionPatient, VR.DS, 0.7 * k - 4, -50, 30)
                            .setDouble(Tag.RescaleSlope, VR.DS, 0.5 + 0.01 * k)
                            .setDouble(Tag.RescaleIntercept, VR.DS, -1000 - k)
                            .setString(Tag.RescaleType, VR.LO, "HU")
                            .setDouble(Tag.WindowCenter, VR.DS, 400)
                            .setDouble(Tag.WindowWidth, VR.DS, 2000)
                            .setBytes(Tag.PixelData, VR.OW, pixels));
        }
        Collections.shuffle(slices, random);
        return slices;
    }

    private static List<SliceHeader> headers(Attributes object, String source) {
        List<SliceHeader> headers = new ArrayList<>();
        for (Attributes frame : EnhancedCt.frames(object)) {
            headers.add(CtImageFile.header(frame, headers.size() + 1, source));
        }
        return headers;
    }

    private static SliceStack.Stack stackOf(List<Attributes> slices) {
        return (SliceStack.Stack)
                SliceStack.of(slices.stream().map(s -> CtImageFile.header(s, "")).toList());
    }

    @Test
    void framesMakeTheVolumeOfTheSlices() {
        List<Attributes> slices = slices();
        SliceStack.Stack truth = stackOf(slices);
        Attributes object = EnhancedCtObject.of(slices);
        SliceStack.Stack frames = (SliceStack.Stack) SliceStack.of(headers(object, "x"));
        assertThat(frames.geometry()).isEqualTo(truth.geometry());
        assertThat(frames.notes()).isEmpty();
        for (int k = 0; k < SLICES; k++) {
            SliceHeader frame = frames.slices().get(k);
            SliceHeader slice = truth.slices().get(k);
            assertThat(frame.sopInstanceUid()).isEqualTo(object.getString(Tag.SOPInstanceUID));
            assertThat(slices.get(frame.frame() - 1).getString(Tag.SOPInstanceUID))
                    .isEqualTo(slice.sopInstanceUid());
        }
        for (Attributes frame : EnhancedCt.frames(object)) {
            assertThat(frame.getString(Tag.ConvolutionKernel)).isEqualTo("BONE");
            assertThat(frame.getString(Tag.BodyPartExamined)).isEqualTo("Head");
            assertThat(frame.getStrings(Tag.ImageType)).startsWith("ORIGINAL", "PRIMARY");
            assertThat(frame.contains(Tag.PerFrameFunctionalGroupsSequence)).isFalse();
        }
    }

    @Test
    void framesOfAConvertedObjectHaveTheKernelOfTheirSlices() {
        Attributes object = EnhancedCtObject.of(slices());
        object.setString(Tag.SOPClassUID, VR.UI, UID.LegacyConvertedEnhancedCTImageStorage);
        Attributes shared = object.getNestedDataset(Tag.SharedFunctionalGroupsSequence);
        shared.remove(Tag.CTReconstructionSequence);
        shared.newItem(Tag.UnassignedSharedConvertedAttributesSequence)
                .setString(Tag.ConvolutionKernel, VR.SH, "FC81");
        assertThat(EnhancedCt.frames(object))
                .hasSize(SLICES)
                .allMatch(f -> f.getString(Tag.ConvolutionKernel, "").equals("FC81"));
        assertThat(SliceStack.of(headers(object, "x"))).isInstanceOf(SliceStack.Stack.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                UID.ExplicitVRLittleEndian,
                UID.ImplicitVRLittleEndian,
                UID.ExplicitVRBigEndian,
                UID.DeflatedExplicitVRLittleEndian
            })
    void everyFrameHasThePixelsOfItsSlice(String syntax) throws IOException {
        Path file =
                EnhancedCtObject.write(
                        EnhancedCtObject.of(slices()),
                        TransferSyntax.of(syntax),
                        folder.resolve("object.dcm"));
        requirePixelsOfSlices(file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dcmcrle",
                "dcmcrle +fs 1",
                "dcmcjpeg +e1",
                "dcmcjpeg +el",
                "dcmcjpls +el",
                "gdcmconv --j2k",
                // Several fragments a frame, with an offset table and without.
                "dcmcjpeg +e1 +fs 1 +ot",
                "dcmcjpeg +e1 +fs 1 -ot"
            })
    void everyCompressedFrameHasThePixelsOfItsSlice(String encoder) throws IOException {
        Path plain = plain();
        Path file = folder.resolve("compressed.dcm");
        List<Object> command = new ArrayList<>(List.of(encoder.split(" ", -1)));
        command.add(plain);
        command.add(file);
        Peers.run(command.toArray());
        requirePixelsOfSlices(file);
    }

    @Test
    void framesInSeveralFragmentsAreFoundByTheExtendedOffsetTable() throws IOException {
        Path file = folder.resolve("fragments.dcm");
        Peers.run("dcmcrle", "+fs", "1", plain(), file);
        Attributes object;
        TransferSyntax syntax;
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            object = in.readDataset();
            syntax = in.getTransferSyntax();
        }
        List<byte[]> fragments = new ArrayList<>(object.getFragments(Tag.PixelData));
        ByteBuffer basic = ByteBuffer.wrap(fragments.getFirst()).order(ByteOrder.LITTLE_ENDIAN);
        long[] offsets = new long[SLICES];
        for (int f = 0; f < SLICES; f++) {
            offsets[f] = basic.getInt();
        }
        fragments.set(0, new byte[0]);
        object.setLong(Tag.ExtendedOffsetTable, VR.OV, offsets);
        object.setFragments(Tag.PixelData, VR.OB, fragments);
        requirePixelsOfSlices(EnhancedCtObject.write(object, syntax, file));
    }

    private Path plain() throws IOException {
        return EnhancedCtObject.write(
                EnhancedCtObject.of(slices()),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                folder.resolve("object.dcm"));
    }

    private static List<SliceHeader> headers(Path file) throws IOException {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return headers(in.readDatasetUntil(Tag.PixelData), file.toString());
        }
    }

    private static void requirePixelsOfSlices(Path file) throws IOException {
        List<Attributes> slices = slices();
        SliceReader reader = CtImageFile.files();
        List<SliceHeader> frames = headers(file);
        assertThat(frames).hasSize(SLICES);
        // Not in their order: a volume of interest needs some, and from two threads.
        for (int f : new int[] {7, 0, SLICES - 1, 3, 4, 1}) {
            short[] expected = hu(slices.get(f));
            assertThat(reader.readHu(frames.get(f))).as("frame %d", f + 1).isEqualTo(expected);
            List<Integer> rows = new ArrayList<>();
            reader.readRows(
                    frames.get(f),
                    5,
                    ROWS - 1,
                    (row, hu, offset) -> {
                        rows.add(row);
                        for (int i = 0; i < COLUMNS; i++) {
                            assertThat(hu[offset + i]).isEqualTo(expected[row * COLUMNS + i]);
                        }
                    });
            assertThat(rows).hasSize(ROWS - 6).startsWith(5).endsWith(ROWS - 2);
        }
    }

    /** By the definition (PS3.3 C.11.1), with nothing of the reader between. */
    private static short[] hu(Attributes slice) {
        byte[] bytes = slice.getBytes(Tag.PixelData);
        double slope = slice.getDouble(Tag.RescaleSlope, 0);
        double intercept = slice.getDouble(Tag.RescaleIntercept, 0);
        short[] hu = new short[ROWS * COLUMNS];
        for (int i = 0; i < hu.length; i++) {
            int stored = (short) ((bytes[2 * i] & 0xFF) | bytes[2 * i + 1] << 8);
            hu[i] =
                    (short)
                            Math.clamp(
                                    Math.round(stored * slope + intercept),
                                    Short.MIN_VALUE,
                                    Short.MAX_VALUE);
        }
        return hu;
    }

    /** Counts the bytes that are read rather than left out. */
    private static final class Counting extends FilterInputStream {

        private final long[] count;

        Counting(InputStream in, long[] count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int got = super.read(b, off, len);
            count[0] += Math.max(got, 0);
            return got;
        }
    }

    @Test
    void aFrameIsReadWithoutTheOthersAndTheirDescription() throws IOException {
        Path file = plain();
        long[] count = new long[1];
        SliceReader reader =
                CtImageFile.reader(
                        source -> new Counting(Files.newInputStream(Path.of(source)), count));
        List<SliceHeader> frames = headers(file);
        reader.readHu(frames.getFirst());
        count[0] = 0;
        reader.readHu(frames.get(SLICES - 2));
        // The block at the start of the file comes with its meta information.
        assertThat(count[0]).isLessThan(2L * ROWS * COLUMNS + (1 << 13) + 1);
    }

    @Test
    void anObjectThatEndsTooEarlyIsAnErrorAndNoDarkness() throws IOException {
        byte[] whole = Files.readAllBytes(plain());
        Path cut = folder.resolve("cut.dcm");
        Files.write(cut, Arrays.copyOf(whole, whole.length - 100));
        List<SliceHeader> frames = headers(cut);
        SliceReader reader = CtImageFile.files();
        assertThat(reader.readHu(frames.getFirst())).hasSize(ROWS * COLUMNS);
        assertThatThrownBy(() -> reader.readHu(frames.getLast())).isInstanceOf(IOException.class);
    }

    private static SliceStack.Reason refused(Consumer<Attributes> change) {
        Attributes object = EnhancedCtObject.of(slices());
        change.accept(object);
        List<SliceHeader> headers = headers(object, "x");
        return ((SliceStack.NotAVolume) SliceStack.of(headers)).reason();
    }

    @Test
    void whatMakesNoVolumeIsRefusedAsASeriesWouldBe() {
        assertThat(
                        refused(
                                o ->
                                        o.getSequence(Tag.PerFrameFunctionalGroupsSequence)
                                                .forEach(g -> g.remove(Tag.PlanePositionSequence))))
                .isEqualTo(SliceStack.Reason.NO_GEOMETRY);
        assertThat(
                        refused(
                                o -> {
                                    for (int f = SLICES / 2; f < SLICES; f++) {
                                        Attributes earlier =
                                                EnhancedCtObject.group(
                                                        o,
                                                        f - SLICES / 2,
                                                        Tag.PlanePositionSequence);
                                        EnhancedCtObject.group(o, f, Tag.PlanePositionSequence)
                                                .addAll(earlier);
                                        EnhancedCtObject.group(o, f, Tag.FrameContentSequence)
                                                .setInt(Tag.TemporalPositionIndex, VR.UL, 2);
                                    }
                                }))
                .as("time series")
                .isEqualTo(SliceStack.Reason.SEVERAL_VOLUMES);
        assertThat(
                        refused(
                                o ->
                                        o.getNestedDataset(Tag.SharedFunctionalGroupsSequence)
                                                .getNestedDataset(Tag.CTImageFrameTypeSequence)
                                                .setString(
                                                        Tag.FrameType,
                                                        VR.CS,
                                                        "ORIGINAL",
                                                        "PRIMARY",
                                                        "LOCALIZER",
                                                        "NONE")))
                .isEqualTo(SliceStack.Reason.ONLY_LOCALIZERS);
    }

    @Test
    void localizerFramesAreLeftOut() {
        List<Attributes> slices = slices();
        SliceStack.Stack truth = stackOf(slices);
        slices.add(
                new Attributes(slices.getFirst())
                        .setDouble(Tag.ImageOrientationPatient, VR.DS, 1, 0, 0, 0, 0, -1));
        Attributes object = EnhancedCtObject.of(slices);
        object.getSequence(Tag.PerFrameFunctionalGroupsSequence)
                .getLast()
                .newItem(Tag.CTImageFrameTypeSequence)
                .setString(Tag.FrameType, VR.CS, "ORIGINAL", "PRIMARY", "LOCALIZER", "NONE");
        SliceStack.Stack stack = (SliceStack.Stack) SliceStack.of(headers(object, "x"));
        assertThat(stack.notes()).containsExactly("Left out: 1 × localizer image.");
        assertThat(stack.geometry()).isEqualTo(truth.geometry());
    }

    @Test
    void anObjectThatDescribesOtherFramesThanItHasIsNotTrusted() {
        Attributes object = EnhancedCtObject.of(slices());
        object.setInt(Tag.NumberOfFrames, VR.IS, SLICES + 1);
        assertThat(EnhancedCt.frames(object)).isEmpty();
        assertThat(EnhancedCt.frames(slices().getFirst())).isEmpty();
    }
}
