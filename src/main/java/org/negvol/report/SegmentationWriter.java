package org.negvol.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.volume.Side;
import org.negvol.volume.VolumeGeometry;

/**
 * Writes the Segmentation (PS3.3 A.51, C.8.20) on the pixel grid of the source.
 *
 * <p>Its own 0.4 mm grid would be finer, but viewers show a Segmentation only where rows, columns,
 * orientation and position are those of the images below it (OHIF issues 1761, 2500, 2869); the
 * sub-voxel truth is in the Surface Segmentation.
 *
 * <p>Frames are ordered by segment, then by position; empty ones are left out. A label map has one
 * frame a position for all segments.
 */
final class SegmentationWriter {

    private final StudyResult result;
    private final VolumeGeometry grid;
    private final ResultIdentity identity;
    private final CommonModules modules;
    private final List<Segment> segments;
    private final SegmentationEncoding encoding;

    SegmentationWriter(
            StudyResult result,
            VolumeGeometry grid,
            ResultIdentity identity,
            CommonModules modules,
            List<Segment> segments,
            SegmentationEncoding encoding) {
        this.result = result;
        this.grid = grid;
        this.identity = identity;
        this.modules = modules;
        this.segments = segments;
        this.encoding = encoding;
    }

    /** The value that stands for a voxel of a segment where fractions could stand. */
    private static final int WHOLE = 255;

    /** One frame: segments, one but in a label map, in a slice of the source. */
    private record Frame(int slice, List<Segment> segments) {}

    /** The object; null where no voxel centre of a very coarse scan lies in any structure. */
    @Nullable ResultObject write() {
        Map<Side, SegmentMasks> masks = new EnumMap<>(Side.class);
        for (JointResult joint : result.joints()) {
            masks.put(joint.side(), SegmentMasks.of(joint.surfaces(), grid));
        }
        List<Frame> frames = frames(masks);
        if (frames.isEmpty()) {
            return null;
        }
        Attributes ds = modules.start(encoding.kind());
        modules.frameOfReference(ds);
        image(ds, frames.size());
        segments(ds);
        dimensions(ds);
        functionalGroups(ds, frames);
        List<SourceImage> images =
                frames.stream()
                        .map(Frame::slice)
                        .distinct()
                        .sorted()
                        .map(result.source().images()::get)
                        .toList();
        modules.commonInstanceReference(ds, images, List.of());
        ds.setBytes(Tag.PixelData, VR.OB, pixels(masks, frames));
        return new ResultObject(encoding.kind(), ds);
    }

    private List<Frame> frames(Map<Side, SegmentMasks> masks) {
        List<Frame> frames = new ArrayList<>();
        for (Segment segment : segments) {
            SegmentMasks joint = masks.get(segment.side());
            if (joint == null) {
                continue;
            }
            for (int k = joint.firstSlice(); k < joint.firstSlice() + joint.sliceCount(); k++) {
                if (joint.count(k, segment.kind().label()) > 0) {
                    frames.add(new Frame(k, List.of(segment)));
                }
            }
        }
        return encoding == SegmentationEncoding.LABEL_MAP ? bySlice(frames) : frames;
    }

    private static List<Frame> bySlice(List<Frame> frames) {
        Map<Integer, List<Segment>> slices = new TreeMap<>();
        frames.forEach(
                f ->
                        slices.computeIfAbsent(f.slice(), k -> new ArrayList<>())
                                .addAll(f.segments()));
        return slices.entrySet().stream().map(e -> new Frame(e.getKey(), e.getValue())).toList();
    }

    private byte[] pixels(Map<Side, SegmentMasks> masks, List<Frame> frames) {
        long framePixels = (long) grid.columns() * grid.rows();
        long bytes = (framePixels * frames.size() * encoding.bitsAllocated() + 7) / 8;
        byte[] pixels = new byte[Math.toIntExact(bytes + (bytes & 1))];
        for (int f = 0; f < frames.size(); f++) {
            Frame frame = frames.get(f);
            for (Segment segment : frame.segments()) {
                SegmentMasks joint = masks.get(segment.side());
                if (joint != null) {
                    paint(joint, frame.slice(), segment, pixels, f * framePixels);
                }
            }
        }
        return pixels;
    }

    private void paint(
            SegmentMasks joint, int slice, Segment segment, byte[] pixels, long firstPixel) {
        byte label = segment.kind().label();
        switch (encoding) {
            case BINARY -> joint.pack(slice, label, grid.columns(), pixels, firstPixel);
            case FRACTIONAL ->
                    joint.fill(slice, label, grid.columns(), pixels, firstPixel, (byte) WHOLE);
            case LABEL_MAP ->
                    joint.fill(
                            slice,
                            label,
                            grid.columns(),
                            pixels,
                            firstPixel,
                            (byte) segment.number());
        }
    }

    /** General Image, Image Pixel and Segmentation Image (C.8.20.2). */
    private void image(Attributes ds, int frames) {
        ds.setString(Tag.ImageType, VR.CS, "DERIVED", "PRIMARY");
        ds.setString(Tag.ContentLabel, VR.CS, "TMJ_SEGMENTATION");
        ds.setString(Tag.ContentDescription, VR.LO, "Both bones and negative volume of the TMJ");
        ds.setNull(Tag.ContentCreatorName, VR.PN);
        ds.setInt(Tag.SamplesPerPixel, VR.US, 1);
        ds.setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2");
        ds.setInt(Tag.Rows, VR.US, grid.rows());
        ds.setInt(Tag.Columns, VR.US, grid.columns());
        ds.setInt(Tag.NumberOfFrames, VR.IS, frames);
        ds.setInt(Tag.BitsAllocated, VR.US, encoding.bitsAllocated());
        ds.setInt(Tag.BitsStored, VR.US, encoding.bitsAllocated());
        ds.setInt(Tag.HighBit, VR.US, encoding.bitsAllocated() - 1);
        ds.setInt(Tag.PixelRepresentation, VR.US, 0);
        ds.setString(Tag.SegmentationType, VR.CS, encoding.segmentationType());
        switch (encoding) {
            case BINARY -> ds.setString(Tag.SegmentsOverlap, VR.CS, "NO");
            case FRACTIONAL -> {
                ds.setString(Tag.SegmentsOverlap, VR.CS, "NO");
                ds.setString(Tag.SegmentationFractionalType, VR.CS, "OCCUPANCY");
                ds.setInt(Tag.MaximumFractionalValue, VR.US, WHOLE);
            }
            // The background is what has the padding value (C.8.20.2).
            case LABEL_MAP -> ds.setInt(Tag.PixelPaddingValue, VR.US, 0);
        }
        lossyCompression(ds);
    }

    /**
     * Once lossy, always lossy (C.7.6.1.1.5). Said only where ratio and method are known: readers
     * fail on one without the others (nifti2dicom issue 17).
     */
    private void lossyCompression(Attributes ds) {
        Attributes source = result.source().firstImage();
        boolean lossy =
                source.getString(Tag.LossyImageCompression, "").equals("01")
                        && source.containsValue(Tag.LossyImageCompressionRatio)
                        && source.containsValue(Tag.LossyImageCompressionMethod);
        ds.setString(Tag.LossyImageCompression, VR.CS, lossy ? "01" : "00");
        if (lossy) {
            ds.addSelected(source, Tag.LossyImageCompressionRatio, Tag.LossyImageCompressionMethod);
        }
    }

    private void segments(Attributes ds) {
        AlgorithmIdentification networks = AlgorithmIdentification.segmentation(result);
        AlgorithmIdentification inflation = AlgorithmIdentification.inflation(result);
        for (Segment segment : segments) {
            Attributes item = ds.newItem(Tag.SegmentSequence);
            item.setInt(Tag.SegmentNumber, VR.US, segment.number());
            segment.describe(item);
            AlgorithmIdentification algorithm =
                    segment.kind() == SegmentKind.NEGATIVE_VOLUME ? inflation : networks;
            item.setString(Tag.SegmentAlgorithmName, VR.LO, algorithm.name());
            algorithm.addTo(item, Tag.SegmentationAlgorithmIdentificationSequence);
            item.setInt(Tag.RecommendedDisplayCIELabValue, VR.US, segment.kind().colour().cieLab());
        }
    }

    /** Multi-frame Dimension (C.7.6.17): segment, then position; in a label map position alone. */
    private void dimensions(Attributes ds) {
        String uid = identity.uid("dimension organization");
        ds.newItem(Tag.DimensionOrganizationSequence)
                .setString(Tag.DimensionOrganizationUID, VR.UI, uid);
        if (encoding != SegmentationEncoding.LABEL_MAP) {
            dimension(
                    ds,
                    uid,
                    Tag.ReferencedSegmentNumber,
                    Tag.SegmentIdentificationSequence,
                    "Segment");
        }
        dimension(ds, uid, Tag.ImagePositionPatient, Tag.PlanePositionSequence, "Slice position");
    }

    private static void dimension(
            Attributes ds, String uid, int pointer, int groupPointer, String label) {
        ds.newItem(Tag.DimensionIndexSequence)
                .setInt(Tag.DimensionIndexPointer, VR.AT, pointer)
                .setInt(Tag.FunctionalGroupPointer, VR.AT, groupPointer)
                .setString(Tag.DimensionOrganizationUID, VR.UI, uid)
                .setString(Tag.DimensionDescriptionLabel, VR.LO, label);
    }

    private void functionalGroups(Attributes ds, List<Frame> frames) {
        Attributes shared = ds.newItem(Tag.SharedFunctionalGroupsSequence);
        boolean sameOrientation = same(frames, Tag.ImageOrientationPatient);
        boolean sameMeasures = same(frames, Tag.PixelSpacing) && same(frames, Tag.SliceThickness);
        Attributes any = header(frames.getFirst());
        if (sameMeasures) {
            measures(shared, any);
        }
        if (sameOrientation) {
            orientation(shared, any);
        }
        Map<Integer, Integer> positions = positionIndices(frames);
        for (Frame frame : frames) {
            Attributes groups = ds.newItem(Tag.PerFrameFunctionalGroupsSequence);
            Attributes header = header(frame);
            if (!sameMeasures) {
                measures(groups, header);
            }
            if (!sameOrientation) {
                orientation(groups, header);
            }
            int position = positions.getOrDefault(frame.slice(), 1);
            Attributes content = groups.newItem(Tag.FrameContentSequence);
            groups.newItem(Tag.PlanePositionSequence).addSelected(header, Tag.ImagePositionPatient);
            if (encoding == SegmentationEncoding.LABEL_MAP) {
                content.setInt(Tag.DimensionIndexValues, VR.UL, position);
            } else {
                int number = frame.segments().getFirst().number();
                content.setInt(Tag.DimensionIndexValues, VR.UL, number, position);
                groups.newItem(Tag.SegmentIdentificationSequence)
                        .setInt(Tag.ReferencedSegmentNumber, VR.US, number);
            }
            derivation(groups, result.source().images().get(frame.slice()));
        }
    }

    /** The rank of each slice among those that have a frame, from 1. */
    private static Map<Integer, Integer> positionIndices(List<Frame> frames) {
        Map<Integer, Integer> indices = new TreeMap<>();
        TreeSet<Integer> slices = new TreeSet<>();
        frames.forEach(f -> slices.add(f.slice()));
        for (int slice : slices) {
            indices.put(slice, indices.size() + 1);
        }
        return indices;
    }

    private Attributes header(Frame frame) {
        return result.source().images().get(frame.slice()).header();
    }

    private boolean same(List<Frame> frames, int tag) {
        String[] first = header(frames.getFirst()).getStrings(tag);
        return frames.stream().allMatch(f -> Arrays.equals(first, header(f).getStrings(tag)));
    }

    private void measures(Attributes groups, Attributes header) {
        Attributes item = groups.newItem(Tag.PixelMeasuresSequence);
        item.addSelected(header, Tag.PixelSpacing);
        if (header.containsValue(Tag.SliceThickness)) {
            item.addSelected(header, Tag.SliceThickness);
        } else {
            item.setDouble(Tag.SliceThickness, VR.DS, sliceDistanceMm());
        }
        item.setDouble(Tag.SpacingBetweenSlices, VR.DS, sliceDistanceMm());
    }

    /** Distance of neighbouring slices along their normal; gantry tilt does not count. */
    private double sliceDistanceMm() {
        var normal =
                grid.indexToPatient()
                        .step(0)
                        .normalised()
                        .cross(grid.indexToPatient().step(1).normalised());
        return Math.abs(grid.indexToPatient().step(2).dot(normal));
    }

    private static void orientation(Attributes groups, Attributes header) {
        groups.newItem(Tag.PlaneOrientationSequence)
                .addSelected(header, Tag.ImageOrientationPatient);
    }

    /** Derivation Image (C.7.6.16.2.6): which image a frame lies on. */
    private static void derivation(Attributes groups, SourceImage image) {
        Attributes derivation = groups.newItem(Tag.DerivationImageSequence);
        Codes.SEGMENTATION.addTo(derivation, Tag.DerivationCodeSequence);
        Attributes source = derivation.newItem(Tag.SourceImageSequence);
        CommonModules.image(source, image);
        source.setString(Tag.SpatialLocationsPreserved, VR.CS, "YES");
        Codes.SOURCE_IMAGE.addTo(source, Tag.PurposeOfReferenceCodeSequence);
    }
}
