package org.negvol.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Side;

/**
 * One structure of one joint, the same in the Segmentation, the Surface Segmentation and the
 * Structured Report.
 *
 * @param number Segment Number (0062,0004), from 1 without gaps
 * @param side patient's side
 * @param kind which structure
 * @param trackingUid Tracking UID (0062,0021): the same whenever the series is processed again
 */
record Segment(int number, Side side, SegmentKind kind, String trackingUid) {

    /** The structures of all joints that were measured; a missing joint has no segments. */
    static List<Segment> of(StudyResult result, ResultIdentity identity) {
        List<Segment> segments = new ArrayList<>();
        for (JointResult joint : result.joints()) {
            for (SegmentKind kind : SegmentKind.values()) {
                segments.add(
                        new Segment(
                                segments.size() + 1,
                                joint.side(),
                                kind,
                                identity.trackingUid(label(joint.side(), kind))));
            }
        }
        return segments;
    }

    /** Its surface as it is sent, if it has one. */
    Optional<TriangleMesh> meshOf(StudyResult result) {
        return result.joint(side).flatMap(j -> j.meshes().of(kind));
    }

    /** Segment Label (0062,0005) and Tracking ID (0062,0020). */
    String label() {
        return label(side, kind);
    }

    private static String label(Side side, SegmentKind kind) {
        return ResultWords.of(side) + " " + kind.words();
    }

    /** Writes the Segment Description macro (PS3.3 C.8.20.4) without the number. */
    void describe(Attributes item) {
        item.setString(Tag.SegmentLabel, VR.LO, label());
        item.setString(Tag.SegmentDescription, VR.ST, kind.description());
        item.setString(Tag.SegmentAlgorithmType, VR.CS, "AUTOMATIC");
        kind.category().addTo(item, Tag.SegmentedPropertyCategoryCodeSequence);
        Attributes type = kind.type().addTo(item, Tag.SegmentedPropertyTypeCodeSequence);
        Codes.of(side).addTo(type, Tag.SegmentedPropertyTypeModifierCodeSequence);
        Attributes region = kind.region().addTo(item, Tag.AnatomicRegionSequence);
        Codes.of(side).addTo(region, Tag.AnatomicRegionModifierSequence);
        item.setString(Tag.TrackingID, VR.UT, label());
        item.setString(Tag.TrackingUID, VR.UI, trackingUid);
    }
}
