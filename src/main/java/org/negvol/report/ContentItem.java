package org.negvol.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.volume.Vec3;

/**
 * One content item of a Structured Report, and the means to give it children (PS3.3 C.17.3). Each
 * method appends a child and returns it.
 */
final class ContentItem {

    /** How a child relates to its parent (PS3.3 table C.17.3-8). */
    enum Relationship {
        CONTAINS("CONTAINS"),
        HAS_CONCEPT_MOD("HAS CONCEPT MOD"),
        HAS_OBS_CONTEXT("HAS OBS CONTEXT"),
        HAS_ACQ_CONTEXT("HAS ACQ CONTEXT"),
        HAS_PROPERTIES("HAS PROPERTIES"),
        INFERRED_FROM("INFERRED FROM");

        private final String term;

        Relationship(String term) {
            this.term = term;
        }
    }

    private final Attributes item;

    private ContentItem(Attributes item) {
        this.item = item;
    }

    /** Makes a data set the root of a content tree. */
    static ContentItem root(Attributes dataset, Code title, String template) {
        dataset.setString(Tag.ValueType, VR.CS, "CONTAINER");
        title.addTo(dataset, Tag.ConceptNameCodeSequence);
        ContentItem root = new ContentItem(dataset);
        root.container(template);
        return root;
    }

    ContentItem container(Relationship relationship, Code name) {
        ContentItem child = child(relationship, "CONTAINER", name);
        child.container((String) null);
        return child;
    }

    ContentItem container(Relationship relationship, Code name, String template) {
        ContentItem child = child(relationship, "CONTAINER", name);
        child.container(template);
        return child;
    }

    private void container(@Nullable String template) {
        item.setString(Tag.ContinuityOfContent, VR.CS, "SEPARATE");
        if (template != null) {
            item.newItem(Tag.ContentTemplateSequence)
                    .setString(Tag.MappingResource, VR.CS, "DCMR")
                    .setString(Tag.MappingResourceUID, VR.UI, "1.2.840.10008.8.1.1")
                    .setString(Tag.TemplateIdentifier, VR.CS, template);
        }
    }

    ContentItem code(Relationship relationship, Code name, Code value) {
        ContentItem child = child(relationship, "CODE", name);
        value.addTo(child.item, Tag.ConceptCodeSequence);
        return child;
    }

    ContentItem text(Relationship relationship, Code name, String text) {
        ContentItem child = child(relationship, "TEXT", name);
        child.item.setString(Tag.TextValue, VR.UT, ResultWords.plain(text));
        return child;
    }

    ContentItem uid(Relationship relationship, Code name, String uid) {
        ContentItem child = child(relationship, "UIDREF", name);
        child.item.setString(Tag.UID, VR.UI, uid);
        return child;
    }

    /** A number with its unit; the full precision stands beside the decimal string. */
    ContentItem number(Relationship relationship, Code name, double value, Code unit) {
        ContentItem child = child(relationship, "NUM", name);
        Attributes measured = child.item.newItem(Tag.MeasuredValueSequence);
        measured.setString(Tag.NumericValue, VR.DS, decimal(value));
        measured.setDouble(Tag.FloatingPointValue, VR.FD, value);
        unit.addTo(measured, Tag.MeasurementUnitsCodeSequence);
        return child;
    }

    /** A reference to an image that this node made. */
    ContentItem image(Relationship relationship, ResultObject image) {
        ContentItem child = child(relationship, "IMAGE", null);
        CommonModules.sop(
                child.item.newItem(Tag.ReferencedSOPSequence),
                image.sopClassUid(),
                image.sopInstanceUid());
        return child;
    }

    /** A reference to what was used of an instance of the source. */
    ContentItem image(Relationship relationship, SourceInstance instance) {
        ContentItem child = child(relationship, "IMAGE", null);
        CommonModules.instance(child.item.newItem(Tag.ReferencedSOPSequence), instance);
        return child;
    }

    /** A reference to one image of the source. */
    ContentItem image(Relationship relationship, Code name, SourceImage image) {
        ContentItem child = child(relationship, "IMAGE", name);
        CommonModules.image(child.item.newItem(Tag.ReferencedSOPSequence), image);
        return child;
    }

    /** A reference to an instance that is no image. */
    ContentItem composite(Relationship relationship, String sopClassUid, String sopInstanceUid) {
        ContentItem child = child(relationship, "COMPOSITE", null);
        CommonModules.sop(
                child.item.newItem(Tag.ReferencedSOPSequence), sopClassUid, sopInstanceUid);
        return child;
    }

    /** A reference to one segment of a Segmentation. */
    ContentItem segment(
            Relationship relationship, Code name, ResultObject segmentation, int segmentNumber) {
        ContentItem child = child(relationship, "IMAGE", name);
        CommonModules.sop(
                        child.item.newItem(Tag.ReferencedSOPSequence),
                        segmentation.sopClassUid(),
                        segmentation.sopInstanceUid())
                .setInt(Tag.ReferencedSegmentNumber, VR.US, segmentNumber);
        return child;
    }

    /**
     * One point, or a line through several, in patient coordinates (PS3.3 C.18.9).
     *
     * @param points one or more, LPS mm
     */
    ContentItem points(
            Relationship relationship, Code name, List<Vec3> points, String frameOfReferenceUid) {
        ContentItem child = child(relationship, "SCOORD3D", name);
        float[] xyz = new float[3 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            xyz[3 * i] = (float) points.get(i).x();
            xyz[3 * i + 1] = (float) points.get(i).y();
            xyz[3 * i + 2] = (float) points.get(i).z();
        }
        child.item.setString(Tag.GraphicType, VR.CS, points.size() == 1 ? "POINT" : "POLYLINE");
        child.item.setFloat(Tag.GraphicData, VR.FL, xyz);
        child.item.setString(Tag.ReferencedFrameOfReferenceUID, VR.UI, frameOfReferenceUid);
        return child;
    }

    private ContentItem child(Relationship relationship, String valueType, @Nullable Code name) {
        Attributes child = item.newItem(Tag.ContentSequence);
        child.setString(Tag.RelationshipType, VR.CS, relationship.term);
        child.setString(Tag.ValueType, VR.CS, valueType);
        if (name != null) {
            name.addTo(child, Tag.ConceptNameCodeSequence);
        }
        return new ContentItem(child);
    }

    /** Six significant digits and no more than six decimals, without exponent. */
    private static String decimal(double value) {
        BigDecimal d =
                new BigDecimal(value, new MathContext(7)).setScale(6, RoundingMode.HALF_EVEN);
        return d.signum() == 0 ? "0" : d.stripTrailingZeros().toPlainString();
    }
}
