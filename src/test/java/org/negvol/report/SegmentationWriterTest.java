package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.Peers;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/** The Segmentation, read back by pydicom. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SegmentationWriterTest {

    /** Scans of every kind that viewers and packers of bits have stumbled over. */
    private static final Map<String, VolumeGeometry> SCANS = new LinkedHashMap<>();

    static {
        // 686 × 686 pixels: frames end inside a byte, and so do their rows.
        SCANS.put("686 x 686", ExampleResults.axial(686, 686, 24, 0.2, 1.5));
        SCANS.put("columns no multiple of 8", ExampleResults.axial(211, 107, 40, 0.8, 1.5));
        SCANS.put("sagittal", ExampleResults.sagittal());
        SCANS.put("gantry tilt", ExampleResults.tilted(12));
    }

    private static final ReportOptions FRACTIONAL = ReportOptions.parse("segmentation=fractional");
    private static final ReportOptions LABEL_MAP = ReportOptions.parse("segmentation=label-map");

    private Path folder;

    private final Map<Path, List<ReadFrame>> read = new LinkedHashMap<>();

    /** A frame as pydicom reads it. */
    private record ReadFrame(
            int segment,
            String sourceUid,
            String digest,
            String position,
            String orientation,
            String spacing,
            List<Integer> indices,
            int voxels) {}

    @BeforeAll
    void keep(@TempDir Path filesOfAllTests) {
        folder = filesOfAllTests;
    }

    static Stream<String> scans() {
        return SCANS.keySet().stream();
    }

    /** All files are read in one go: Python takes longer to start than to read. */
    private List<ReadFrame> frames(String scan, ReportOptions options) {
        if (read.isEmpty()) {
            List<Path> files = new ArrayList<>();
            for (String each : SCANS.keySet()) {
                files.add(write(each, ReportOptions.DEFAULT));
            }
            files.add(write("columns no multiple of 8", FRACTIONAL));
            files.add(write("columns no multiple of 8", LABEL_MAP));
            String said = Peers.pydicom(getClass(), "segmentation_frames.py", files.toArray());
            files.forEach(f -> read.put(f, new ArrayList<>()));
            said.lines()
                    .filter(l -> l.startsWith("frame|"))
                    .map(l -> l.split("\\|"))
                    .forEach(
                            f ->
                                    read.get(Path.of(f[1]))
                                            .add(
                                                    new ReadFrame(
                                                            Integer.parseInt(f[2]),
                                                            f[3],
                                                            f[4],
                                                            f[5],
                                                            f[6],
                                                            f[7],
                                                            Arrays.stream(f[8].split(", "))
                                                                    .map(Integer::valueOf)
                                                                    .toList(),
                                                            Integer.parseInt(f[9]))));
        }
        return read.get(file(scan, options));
    }

    private Path file(String scan, ReportOptions options) {
        return folder.resolve(scan)
                .resolve(options.segmentation().name())
                .resolve(options.segmentation().kind().fileStem() + ".dcm");
    }

    private Path write(String scan, ReportOptions options) {
        Path file = file(scan, options);
        StudyResult result = ExampleResults.both(SCANS.get(scan));
        ResultObject object =
                ResultObjects.of(
                                result,
                                options.withContents(
                                        java.util.Set.of(ReportOptions.Content.SEGMENTATION)))
                        .getFirst();
        file.getParent().toFile().mkdirs();
        return ResultFiles.write(file, object.dataset());
    }

    @ParameterizedTest
    @MethodSource("scans")
    void bitsPackedAcrossFramesGiveTheSameMasks(String scan) {
        List<ReadFrame> frames = frames(scan, ReportOptions.DEFAULT);
        assertThat(frames.stream().map(ReadFrame::segment).distinct().toList())
                .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(frames.stream().map(ReadFrame::digest).toList())
                .containsExactlyElementsOf(digests(SCANS.get(scan)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"columns no multiple of 8", "sagittal", "gantry tilt"})
    void voxelsHaveTheVolumeOfTheSurfaceWithinOneLayer(String scan) {
        VolumeGeometry grid = SCANS.get(scan);
        double voxelMm3 = Math.abs(grid.indexToPatient().determinant());
        double layerMm =
                Math.max(grid.spacingMm(2), Math.max(grid.spacingMm(0), grid.spacingMm(1)));
        StudyResult result = ExampleResults.both(grid);
        for (Segment segment : Segment.of(result, new ResultIdentity(result))) {
            TriangleMesh mesh =
                    segment.kind().mesh(ExampleResults.joint(segment.side()).surfaces());
            double voxels =
                    frames(scan, ReportOptions.DEFAULT).stream()
                            .filter(f -> f.segment() == segment.number())
                            .mapToLong(ReadFrame::voxels)
                            .sum();
            assertThat(voxels * voxelMm3)
                    .as(segment.label())
                    .isCloseTo(
                            MeshMeasures.volumeMm3(mesh),
                            within(MeshMeasures.areaMm2(mesh) * layerMm / 2));
        }
    }

    /** The masks themselves, frame by frame in the order of the object, empty ones left out. */
    private static List<String> digests(VolumeGeometry grid) {
        List<String> digests = new ArrayList<>();
        for (Side side : Side.values()) {
            SegmentMasks masks = SegmentMasks.of(ExampleResults.joint(side).surfaces(), grid);
            for (SegmentKind kind : SegmentKind.values()) {
                for (int k = 0; k < grid.slices(); k++) {
                    if (masks.count(k, kind.label()) > 0) {
                        digests.add(digest(masks, grid, k, kind.label()));
                    }
                }
            }
        }
        return digests;
    }

    private static String digest(SegmentMasks masks, VolumeGeometry grid, int k, int... labels) {
        byte[] pixels = new byte[grid.columns() * grid.rows()];
        for (int j = 0; j < grid.rows(); j++) {
            for (int i = 0; i < grid.columns(); i++) {
                int label = masks.label(i, j, k);
                boolean on = IntStream.of(labels).anyMatch(l -> l == label);
                pixels[i + grid.columns() * j] = (byte) (on ? 1 : 0);
            }
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(pixels));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("scans")
    void framesLieOnTheirSourceImagesToTheLastDigit(String scan) {
        SourceSeries source = ExampleResults.source(SCANS.get(scan));
        Map<String, Attributes> headers = new LinkedHashMap<>();
        source.images().forEach(i -> headers.put(i.sopInstanceUid(), i.header()));
        assertThat(frames(scan, ReportOptions.DEFAULT))
                .isNotEmpty()
                .allSatisfy(
                        f -> {
                            Attributes header = headers.get(f.sourceUid());
                            assertThat(f.position())
                                    .isEqualTo(raw(header, Tag.ImagePositionPatient));
                            assertThat(f.orientation())
                                    .isEqualTo(raw(header, Tag.ImageOrientationPatient));
                            assertThat(f.spacing()).isEqualTo(raw(header, Tag.PixelSpacing));
                        });
    }

    private static String raw(Attributes header, int tag) {
        return String.join("\\", header.getStrings(tag));
    }

    @ParameterizedTest
    @MethodSource("scans")
    void framesAreOrderedBySegmentThenPositionAsTheDimensionsSay(String scan) {
        List<ReadFrame> frames = frames(scan, ReportOptions.DEFAULT);
        assertThat(frames)
                .isSortedAccordingTo(
                        java.util.Comparator.<ReadFrame>comparingInt(f -> f.indices().get(0))
                                .thenComparingInt(f -> f.indices().get(1)));
        assertThat(frames).allMatch(f -> f.indices().get(0) == f.segment());
        Map<String, Integer> ranks = new LinkedHashMap<>();
        frames.forEach(
                f ->
                        assertThat(ranks.merge(f.position(), f.indices().get(1), (a, b) -> b))
                                .as("one index a position")
                                .isEqualTo(f.indices().get(1)));
        assertThat(ranks.values())
                .as("indices from 1 without gaps")
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, ranks.size()).boxed().toList());
        List<String> places =
                ExampleResults.source(SCANS.get(scan)).images().stream()
                        .map(i -> raw(i.header(), Tag.ImagePositionPatient))
                        .filter(ranks::containsKey)
                        .toList();
        assertThat(places.stream().map(ranks::get).toList()).isSorted();
    }

    @Test
    void fractionsAreNothingOrAll() {
        String scan = "columns no multiple of 8";
        assertThat(frames(scan, FRACTIONAL).stream().map(ReadFrame::digest).toList())
                .containsExactlyElementsOf(digests(SCANS.get(scan)));
        Attributes ds = ResultFiles.read(file(scan, FRACTIONAL));
        assertThat(ds.getString(Tag.SegmentationType)).isEqualTo("FRACTIONAL");
        assertThat(ds.getInt(Tag.BitsAllocated, 0)).isEqualTo(8);
        assertThat(values(ds))
                .containsExactlyInAnyOrder(0, ds.getInt(Tag.MaximumFractionalValue, 0));
    }

    @Test
    void labelMapHoldsAllSegmentsOfASliceInOneFrame() {
        String scan = "columns no multiple of 8";
        VolumeGeometry grid = SCANS.get(scan);
        Map<Side, SegmentMasks> masks = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            masks.put(side, SegmentMasks.of(ExampleResults.joint(side).surfaces(), grid));
        }
        List<ReadFrame> frames = frames(scan, LABEL_MAP);
        Attributes ds = ResultFiles.read(file(scan, LABEL_MAP));
        byte[] pixels = ds.getBytes(Tag.PixelData);
        List<SourceImage> images = ExampleResults.source(grid).images();
        int frame = 0;
        for (int k = 0; k < grid.slices(); k++) {
            byte[] expected = new byte[grid.columns() * grid.rows()];
            for (int p = 0; p < expected.length; p++) {
                int i = p % grid.columns();
                int j = p / grid.columns();
                int left = masks.get(Side.LEFT).label(i, j, k);
                int right = masks.get(Side.RIGHT).label(i, j, k);
                expected[p] = (byte) (left > 0 ? left : right > 0 ? right + 3 : 0);
            }
            if (IntStream.range(0, expected.length).anyMatch(p -> expected[p] != 0)) {
                assertThat(frames.get(frame).sourceUid()).isEqualTo(images.get(k).sopInstanceUid());
                assertThat(frames.get(frame).segment()).as("segment of a frame").isZero();
                assertThat(frames.get(frame).indices()).containsExactly(frame + 1);
                int from = frame++ * expected.length;
                assertThat(Arrays.copyOfRange(pixels, from, from + expected.length))
                        .isEqualTo(expected);
            }
        }
        assertThat(frames).hasSize(frame);
        assertThat(ds.getString(Tag.SOPClassUID)).isEqualTo("1.2.840.10008.5.1.4.1.1.66.7");
        assertThat(ds.getString(Tag.SegmentationType)).isEqualTo("LABELMAP");
        assertThat(ds.getInt(Tag.PixelPaddingValue, -1)).isZero();
    }

    private static List<Integer> values(Attributes ds) {
        byte[] pixels = ds.getBytes(Tag.PixelData);
        return IntStream.range(0, pixels.length)
                .map(i -> pixels[i] & 0xFF)
                .distinct()
                .boxed()
                .toList();
    }

    @Test
    void viewersFindTheImagesBelow() {
        ResultObject seg = segmentation(ExampleResults.both(ExampleResults.sagittal()));
        Attributes ds = seg.dataset();
        // OHIF drops a Segmentation without it.
        Attributes series = ds.getNestedDataset(Tag.ReferencedSeriesSequence);
        SourceSeries source = ExampleResults.source(ExampleResults.sagittal());
        assertThat(series.getString(Tag.SeriesInstanceUID)).isEqualTo(source.seriesInstanceUid());
        List<String> referenced =
                series.getSequence(Tag.ReferencedInstanceSequence).stream()
                        .map(i -> i.getString(Tag.ReferencedSOPInstanceUID))
                        .toList();
        assertThat(ds.getSequence(Tag.PerFrameFunctionalGroupsSequence))
                .isNotEmpty()
                .allSatisfy(
                        groups -> {
                            Attributes derivation =
                                    groups.getNestedDataset(Tag.DerivationImageSequence);
                            assertCode(derivation, Tag.DerivationCodeSequence, "113076", "DCM");
                            Attributes image = derivation.getNestedDataset(Tag.SourceImageSequence);
                            assertCode(image, Tag.PurposeOfReferenceCodeSequence, "121322", "DCM");
                            assertThat(image.getString(Tag.SpatialLocationsPreserved))
                                    .isEqualTo("YES");
                            assertThat(referenced)
                                    .contains(image.getString(Tag.ReferencedSOPInstanceUID));
                        });
        assertThat(ds.getInt(Tag.Rows, 0)).isEqualTo(ExampleResults.sagittal().rows());
        assertThat(ds.getInt(Tag.Columns, 0)).isEqualTo(ExampleResults.sagittal().columns());
        assertThat(ds.getString(Tag.FrameOfReferenceUID))
                .isEqualTo(source.firstImage().getString(Tag.FrameOfReferenceUID));
    }

    private static void assertCode(Attributes ds, int sequence, String value, String scheme) {
        Attributes code = ds.getNestedDataset(sequence);
        assertThat(code.getString(Tag.CodeValue)).isEqualTo(value);
        assertThat(code.getString(Tag.CodingSchemeDesignator)).isEqualTo(scheme);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void missingJointHasNoSegments(Side side) {
        StudyResult result = ExampleResults.of(ExampleResults.axial(211, 107, 40, 0.8, 1.5), side);
        List<Attributes> segments = segmentation(result).dataset().getSequence(Tag.SegmentSequence);
        assertThat(segments.stream().map(s -> s.getInt(Tag.SegmentNumber, 0)).toList())
                .containsExactly(1, 2, 3);
        assertThat(segments)
                .allMatch(
                        s ->
                                s.getString(Tag.SegmentLabel, "")
                                        .startsWith(side == Side.LEFT ? "Left" : "Right"));
    }

    @Test
    void lossyCompressionOfTheSourceIsSaidOnlyWithRatioAndMethod() {
        StudyResult result = ExampleResults.of(ExampleResults.sagittal(), Side.LEFT);
        StudyResult lossy =
                ExampleResults.withHeaders(
                        result, h -> h.setString(Tag.LossyImageCompression, VR.CS, "01"));
        StudyResult explained =
                ExampleResults.withHeaders(
                        lossy,
                        h ->
                                h.setString(Tag.LossyImageCompressionRatio, VR.DS, "12.5")
                                        .setString(
                                                Tag.LossyImageCompressionMethod,
                                                VR.CS,
                                                "ISO_10918_1"));
        assertThat(segmentation(lossy).dataset().getString(Tag.LossyImageCompression))
                .isEqualTo("00");
        Attributes ds = segmentation(explained).dataset();
        assertThat(ds.getString(Tag.LossyImageCompression)).isEqualTo("01");
        assertThat(ds.getString(Tag.LossyImageCompressionRatio)).isEqualTo("12.5");
    }

    private static ResultObject segmentation(StudyResult result) {
        return ResultObjects.of(result).getFirst();
    }
}
