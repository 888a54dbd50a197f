package org.negvol.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.surface.TriangleMesh;
import org.negvol.volume.Vec3;

/**
 * Writes the structures as Encapsulated STL (PS3.3 A.85.1), one instance a segment, all in one
 * series: what planning and printing software opens where it knows no Surface Segmentation.
 * Coordinates are those of the patient, LPS, in millimetres.
 */
final class EncapsulatedStlWriter {

    private static final int HEADER_BYTES = 80;
    private static final int TRIANGLE_BYTES = 50;

    private final StudyResult result;
    private final CommonModules modules;
    private final List<Segment> segments;
    private final @Nullable ResultObject segmentation;

    EncapsulatedStlWriter(
            StudyResult result,
            CommonModules modules,
            List<Segment> segments,
            @Nullable ResultObject segmentation) {
        this.result = result;
        this.modules = modules;
        this.segments = segments;
        this.segmentation = segmentation;
    }

    /** One object a structure that has a surface; instance numbers are segment numbers. */
    List<ResultObject> write() {
        List<ResultObject> objects = new ArrayList<>();
        for (Segment segment : segments) {
            segment.meshOf(result).ifPresent(mesh -> objects.add(object(segment, mesh)));
        }
        return objects;
    }

    private ResultObject object(Segment segment, TriangleMesh mesh) {
        Attributes ds = modules.start(ResultObject.Kind.ENCAPSULATED_STL, segment.number());
        modules.frameOfReference(ds);
        document(ds, segment, mesh);
        model(ds, segment);
        if (segmentation != null) {
            modules.commonInstanceReference(ds, List.of(), List.of(segmentation));
        } else {
            modules.commonInstanceReference(ds, result.source().images(), List.of());
        }
        return new ResultObject(ResultObject.Kind.ENCAPSULATED_STL, ds);
    }

    /** Encapsulated Document (C.24.2). */
    private void document(Attributes ds, Segment segment, TriangleMesh mesh) {
        ds.setNull(Tag.AcquisitionDateTime, VR.DT);
        ds.setString(Tag.BurnedInAnnotation, VR.CS, "NO");
        ds.setString(Tag.RecognizableVisualFeatures, VR.CS, "NO");
        ds.setString(Tag.DocumentTitle, VR.ST, segment.label());
        Codes.CT_MODEL.addTo(ds, Tag.ConceptNameCodeSequence);
        ds.setString(Tag.MIMETypeOfEncapsulatedDocument, VR.LO, "model/stl");
        if (segmentation != null) {
            CommonModules.sop(
                    ds.newItem(Tag.SourceInstanceSequence),
                    segmentation.sopClassUid(),
                    segmentation.sopInstanceUid());
        } else {
            for (SourceInstance image : result.source().instances()) {
                CommonModules.sop(
                        ds.newItem(Tag.SourceInstanceSequence),
                        image.sopClassUid(),
                        image.sopInstanceUid());
            }
        }
        byte[] stl = stl(mesh);
        ds.setLong(Tag.EncapsulatedDocumentLength, VR.UL, stl.length);
        ds.setBytes(Tag.EncapsulatedDocument, VR.OB, stl);
    }

    /** Manufacturing 3D Model (C.35.1). */
    private void model(Attributes ds, Segment segment) {
        Codes.MILLIMETER_OF_MODEL.addTo(ds, Tag.MeasurementUnitsCodeSequence);
        ds.setString(Tag.ModelMirroring, VR.CS, "NO");
        Codes.PLANNING_INTENT.addTo(ds, Tag.ModelUsageCodeSequence);
        ds.setString(
                Tag.ContentDescription,
                VR.LO,
                ResultWords.of(segment.side()) + " TMJ: " + segment.kind().words());
        AlgorithmIdentification algorithm =
                segment.kind() == SegmentKind.NEGATIVE_VOLUME
                        ? AlgorithmIdentification.inflation(result)
                        : AlgorithmIdentification.surface(result);
        algorithm.addTo(ds, Tag.DerivationAlgorithmSequence);
    }

    /** Binary STL: a header that must not begin with "solid", a count, and the triangles. */
    private static byte[] stl(TriangleMesh mesh) {
        int triangles = mesh.triangleCount();
        ByteBuffer b =
                ByteBuffer.allocate(
                                Math.addExact(
                                        HEADER_BYTES + Integer.BYTES,
                                        Math.multiplyExact(TRIANGLE_BYTES, triangles)))
                        .order(ByteOrder.LITTLE_ENDIAN);
        b.put("negvol, patient coordinates LPS, mm".getBytes(StandardCharsets.US_ASCII));
        b.position(HEADER_BYTES);
        b.putInt(triangles);
        int[] corners = mesh.triangles();
        for (int t = 0; t < corners.length; t += 3) {
            Vec3 normal = mesh.twiceArea(t / 3);
            double length = normal.norm();
            put(b, length > 0 ? normal.times(1 / length) : Vec3.ZERO);
            put(b, mesh.vertex(corners[t]));
            put(b, mesh.vertex(corners[t + 1]));
            put(b, mesh.vertex(corners[t + 2]));
            b.putShort((short) 0);
        }
        return b.array();
    }

    private static void put(ByteBuffer b, Vec3 v) {
        b.putFloat((float) v.x());
        b.putFloat((float) v.y());
        b.putFloat((float) v.z());
    }
}
