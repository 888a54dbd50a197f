package org.negvol.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.VR;
import org.negvol.surface.MeshMeasures;
import org.negvol.surface.TriangleMesh;

/**
 * Writes the Surface Segmentation (PS3.3 A.57, C.8.23, C.27): the closed meshes of both bones and
 * the negative volume in patient coordinates, with the numbers, labels and colours that their
 * segments have in the Segmentation.
 *
 * <p>Triangles are in the Long Triangle Point Index List; the 16-bit lists are retired and end at
 * 65,535 points. GDCM needs the normals (it crashes on a surface without any).
 */
final class SurfaceSegmentationWriter {

    private final StudyResult result;
    private final CommonModules modules;
    private final List<Segment> segments;
    private final @Nullable ResultObject segmentation;

    SurfaceSegmentationWriter(
            StudyResult result,
            CommonModules modules,
            List<Segment> segments,
            @Nullable ResultObject segmentation) {
        this.result = result;
        this.modules = modules;
        this.segments = segments;
        this.segmentation = segmentation;
    }

    ResultObject write() {
        Attributes ds = modules.start(ResultObject.Kind.SURFACE_SEGMENTATION);
        modules.frameOfReference(ds);
        ds.setString(Tag.ContentLabel, VR.CS, "TMJ_SURFACES");
        ds.setString(
                Tag.ContentDescription, VR.LO, "Surfaces of bones and negative volume of the TMJ");
        ds.setNull(Tag.ContentCreatorName, VR.PN);
        List<Segment> shown = segments.stream().filter(s -> s.meshOf(result).isPresent()).toList();
        for (Segment segment : segments) {
            segment(ds, segment, shown.indexOf(segment) + 1);
        }
        ds.setSequence(
                Tag.SurfaceSequence,
                IntStream.range(0, shown.size())
                        .parallel()
                        .mapToObj(
                                i ->
                                        surface(
                                                i + 1,
                                                shown.get(i),
                                                shown.get(i).meshOf(result).orElseThrow()))
                        .toList());
        ds.setInt(Tag.NumberOfSurfaces, VR.UL, shown.size());
        if (segmentation != null) {
            modules.commonInstanceReference(ds, List.of(), List.of(segmentation));
        } else {
            modules.commonInstanceReference(ds, result.source().images(), List.of());
        }
        return new ResultObject(ResultObject.Kind.SURFACE_SEGMENTATION, ds);
    }

    /**
     * Surface Segmentation module (C.8.23.1).
     *
     * @param surface Surface Number, 0 where a segment has no surface
     */
    private void segment(Attributes ds, Segment segment, int surface) {
        Attributes item = ds.newItem(Tag.SegmentSequence);
        item.setInt(Tag.SegmentNumber, VR.US, segment.number());
        segment.describe(item);
        AlgorithmIdentification algorithm =
                segment.kind() == SegmentKind.NEGATIVE_VOLUME
                        ? AlgorithmIdentification.inflation(result)
                        : AlgorithmIdentification.surface(result);
        item.setInt(Tag.SurfaceCount, VR.UL, surface > 0 ? 1 : 0);
        if (surface == 0) {
            return;
        }
        Attributes reference = item.newItem(Tag.ReferencedSurfaceSequence);
        reference.setInt(Tag.ReferencedSurfaceNumber, VR.UL, surface);
        AlgorithmIdentification.segmentation(result)
                .addTo(reference, Tag.SegmentSurfaceGenerationAlgorithmIdentificationSequence);
        algorithm.addTo(reference, Tag.SegmentSurfaceGenerationAlgorithmIdentificationSequence);
        AlgorithmIdentification.simplification(result)
                .addTo(reference, Tag.SegmentSurfaceGenerationAlgorithmIdentificationSequence);
        if (segmentation != null) {
            CommonModules.sop(
                    reference.newItem(Tag.SegmentSurfaceSourceInstanceSequence),
                    segmentation.sopClassUid(),
                    segmentation.sopInstanceUid());
        } else {
            for (SourceInstance instance : result.source().instances()) {
                CommonModules.instance(
                        reference.newItem(Tag.SegmentSurfaceSourceInstanceSequence), instance);
            }
        }
    }

    /** Surface Mesh module (C.27.1). */
    private static Attributes surface(int number, Segment segment, TriangleMesh mesh) {
        MeshMeasures quality = MeshMeasures.of(mesh);
        Attributes item = new Attributes();
        item.setInt(Tag.SurfaceNumber, VR.UL, number);
        item.setString(Tag.SurfaceComments, VR.LT, segment.label());
        // Decimation would be processing (C.27.1.1.2), but dciodvfy (2022) calls what must stand
        // beside YES an error; so it is the last step of the generation, and said here in words.
        item.setString(Tag.SurfaceProcessing, VR.CS, "NO");
        item.setString(
                Tag.SurfaceProcessingDescription,
                VR.LO,
                "Generated with fewer triangles where flat (%s mm)"
                        .formatted(SentMeshes.TOLERANCE_MM));
        item.setInt(Tag.RecommendedDisplayGrayscaleValue, VR.US, 0xFFFF);
        item.setInt(Tag.RecommendedDisplayCIELabValue, VR.US, segment.kind().colour().cieLab());
        item.setFloat(Tag.RecommendedPresentationOpacity, VR.FL, 1);
        item.setString(Tag.RecommendedPresentationType, VR.CS, "SURFACE");
        item.setString(Tag.FiniteVolume, VR.CS, quality.closed() ? "YES" : "NO");
        item.setString(
                Tag.Manifold, VR.CS, quality.manifold() && quality.oriented() ? "YES" : "NO");

        Attributes points = item.newItem(Tag.SurfacePointsSequence);
        points.setInt(Tag.NumberOfSurfacePoints, VR.UL, mesh.vertexCount());
        points.setBytes(Tag.PointCoordinatesData, VR.OF, floats(mesh.xyzMm()));

        Attributes normals = item.newItem(Tag.SurfacePointsNormalsSequence);
        normals.setInt(Tag.NumberOfVectors, VR.UL, mesh.vertexCount());
        normals.setInt(Tag.VectorDimensionality, VR.US, 3);
        normals.setBytes(Tag.VectorCoordinateData, VR.OF, floats(normals(mesh)));

        Attributes primitives = item.newItem(Tag.SurfaceMeshPrimitivesSequence);
        primitives.setNull(Tag.TriangleStripSequence, VR.SQ);
        primitives.setNull(Tag.TriangleFanSequence, VR.SQ);
        primitives.setNull(Tag.LineSequence, VR.SQ);
        primitives.setNull(Tag.FacetSequence, VR.SQ);
        primitives.setNull(Tag.LongEdgePointIndexList, VR.OL);
        primitives.setNull(Tag.LongVertexPointIndexList, VR.OL);
        primitives.setBytes(Tag.LongTrianglePointIndexList, VR.OL, indices(mesh.triangles()));
        return item;
    }

    /** Unit normals of the vertices; readers want one also where a vertex has none. */
    private static double[] normals(TriangleMesh mesh) {
        double[] n = mesh.normals();
        for (int v = 0; v < n.length; v += 3) {
            if (n[v] == 0 && n[v + 1] == 0 && n[v + 2] == 0) {
                n[v + 2] = 1;
            }
        }
        return n;
    }

    private static byte[] floats(double[] values) {
        ByteBuffer b = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double v : values) {
            b.putFloat((float) v);
        }
        return b.array();
    }

    /** Point numbers count from 1 (C.27.4). */
    private static byte[] indices(int[] vertices) {
        ByteBuffer b = ByteBuffer.allocate(4 * vertices.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int v : vertices) {
            b.putInt(v + 1);
        }
        return b.array();
    }
}
