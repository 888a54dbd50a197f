package org.negvol.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.negvol.surface.SimplifiedMesh;
import org.negvol.surface.TriangleMesh;

/**
 * The surfaces of the segments as they are sent: those that were measured, with fewer triangles
 * where they are flat. Measured surfaces are sampled several times finer than the scan; sent so,
 * they are most of a result's bytes and slow to draw.
 */
final class SegmentMeshes {

    /**
     * Tolerance of the simplification, mm: less than a tenth of the 0.4 mm voxels in which bones
     * are found. On the six surfaces of a phantom no point of either was further than 0.029 mm from
     * the other.
     */
    static final double TOLERANCE_MM = 0.03;

    private final Map<Segment, TriangleMesh> meshes = new HashMap<>();

    /** The surfaces of those segments that have one. */
    SegmentMeshes(StudyResult result, List<Segment> segments) {
        List<TriangleMesh> measured = segments.stream().map(s -> measured(result, s)).toList();
        List<TriangleMesh> sent =
                measured.parallelStream().map(m -> SimplifiedMesh.of(m, TOLERANCE_MM)).toList();
        for (int i = 0; i < segments.size(); i++) {
            if (sent.get(i).triangleCount() > 0) {
                meshes.put(segments.get(i), sent.get(i));
            }
        }
    }

    private static TriangleMesh measured(StudyResult result, Segment segment) {
        return segment.kind().mesh(result.joint(segment.side()).orElseThrow().surfaces());
    }

    Optional<TriangleMesh> of(Segment segment) {
        return Optional.ofNullable(meshes.get(segment));
    }
}
