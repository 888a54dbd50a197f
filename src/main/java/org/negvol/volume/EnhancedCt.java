package org.negvol.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/**
 * What are the frames of an Enhanced CT Image (PS3.3 A.38) or a Legacy Converted Enhanced CT Image
 * (A.70)? Each is given as the CT image of its own (A.3) that it would have been: what its
 * functional groups (C.7.6.16) say stands where a CT image says it.
 */
public final class EnhancedCt {

    /**
     * What reading an object up to its pixels may hold, bytes. A frame's functional groups take
     * about ten thousand in memory, those of a converted image twice as many.
     */
    public static final long MOST_HELD_BYTES = 128L << 20;

    /** Of the whole object, and of no use in a frame. */
    private static final int[] OF_THE_OBJECT = {
        Tag.SharedFunctionalGroupsSequence,
        Tag.PerFrameFunctionalGroupsSequence,
        Tag.DimensionOrganizationSequence,
        Tag.DimensionIndexSequence,
        Tag.ExtendedOffsetTable,
        Tag.ExtendedOffsetTableLengths
    };

    /** UIDs of the two classes. */
    public static final Set<String> SOP_CLASSES =
            Set.of(UID.EnhancedCTImageStorage, UID.LegacyConvertedEnhancedCTImageStorage);

    private EnhancedCt() {}

    /** Whether an object is of one of the two classes. */
    public static boolean isOne(Attributes object) {
        return SOP_CLASSES.contains(object.getString(Tag.SOPClassUID, ""));
    }

    /**
     * The frames, in their order.
     *
     * @param object its attributes up to the pixels; not changed
     * @return one data set a frame; empty if it is no such object, or does not describe as many
     *     frames as it says it has
     */
    public static List<Attributes> frames(Attributes object) {
        List<Attributes> perFrame = object.getSequence(Tag.PerFrameFunctionalGroupsSequence);
        if (!isOne(object) || perFrame.size() != object.getInt(Tag.NumberOfFrames, 0)) {
            return List.of();
        }
        Attributes common = new Attributes(object);
        for (int tag : OF_THE_OBJECT) {
            common.remove(tag);
        }
        Attributes shared = object.getNestedDataset(Tag.SharedFunctionalGroupsSequence);
        List<Attributes> frames = new ArrayList<>();
        for (Attributes own : perFrame) {
            Attributes frame = new Attributes(common);
            if (shared != null) {
                describe(frame, shared);
            }
            describe(frame, own);
            frames.add(frame);
        }
        return frames;
    }

    /** Adds what functional groups say; a frame's own come last and count. */
    private static void describe(Attributes frame, Attributes groups) {
        add(frame, groups, Tag.UnassignedSharedConvertedAttributesSequence, Tag.ConvolutionKernel);
        add(
                frame,
                groups,
                Tag.UnassignedPerFrameConvertedAttributesSequence,
                Tag.ConvolutionKernel);
        add(frame, groups, Tag.PixelMeasuresSequence, Tag.PixelSpacing, Tag.SliceThickness);
        add(frame, groups, Tag.PlanePositionSequence, Tag.ImagePositionPatient);
        add(frame, groups, Tag.PlaneOrientationSequence, Tag.ImageOrientationPatient);
        add(
                frame,
                groups,
                Tag.PixelValueTransformationSequence,
                Tag.RescaleSlope,
                Tag.RescaleIntercept,
                Tag.RescaleType);
        add(frame, groups, Tag.CTReconstructionSequence, Tag.ConvolutionKernel);
        Attributes type = groups.getNestedDataset(Tag.CTImageFrameTypeSequence);
        if (type != null && type.containsValue(Tag.FrameType)) {
            frame.setString(Tag.ImageType, VR.CS, type.getStrings(Tag.FrameType));
        }
        Attributes anatomy = groups.getNestedDataset(Tag.FrameAnatomySequence);
        Attributes region =
                anatomy == null ? null : anatomy.getNestedDataset(Tag.AnatomicRegionSequence);
        if (region != null && !frame.containsValue(Tag.BodyPartExamined)) {
            frame.setString(Tag.BodyPartExamined, VR.LO, region.getString(Tag.CodeMeaning, ""));
        }
    }

    private static void add(Attributes frame, Attributes groups, int group, int... tags) {
        Attributes item = groups.getNestedDataset(group);
        if (item != null) {
            frame.addSelected(item, tags);
        }
    }

    /**
     * How many objects hold the frames: more than one where the object is part of a concatenation
     * (PS3.3 C.7.6.16.2.2.4).
     *
     * @param object its attributes, or those of a frame
     * @return empty if it is a part and does not say of how many
     */
    public static OptionalInt parts(Attributes object) {
        if (!object.containsValue(Tag.ConcatenationUID)) {
            return OptionalInt.of(1);
        }
        int total = object.getInt(Tag.InConcatenationTotalNumber, 0);
        return total > 0 ? OptionalInt.of(total) : OptionalInt.empty();
    }
}
