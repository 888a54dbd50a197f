package org.negvol.report;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.negvol.surface.JointSurfaces;
import org.negvol.surface.SimplifiedMesh;
import org.negvol.surface.TriangleMesh;

/**
 * The surfaces of a joint as they are sent: those that were measured, with fewer triangles where
 * they are flat. Measured surfaces are sampled several times finer than the scan; sent so, they are
 * most of a result's bytes and slow to draw.
 */
public final class SentMeshes {

    /**
     * Tolerance of the simplification, mm: less than a tenth of the 0.4 mm voxels in which bones
     * are found. On the six surfaces of a phantom no point of either was further than 0.029 mm from
     * the other.
     */
    static final double TOLERANCE_MM = 0.03;

    private final Map<SegmentKind, TriangleMesh> meshes;

    private SentMeshes(Map<SegmentKind, TriangleMesh> meshes) {
        this.meshes = meshes;
    }

    /** Of what was measured. */
    public static SentMeshes of(JointSurfaces surfaces) {
        return new SentMeshes(
                Arrays.stream(SegmentKind.values())
                        .parallel()
                        .collect(
                                Collectors.toMap(
                                        kind -> kind,
                                        kind ->
                                                SimplifiedMesh.of(
                                                        kind.mesh(surfaces), TOLERANCE_MM))));
    }

    /** The surface of a structure, if it has one. */
    Optional<TriangleMesh> of(SegmentKind kind) {
        return Optional.ofNullable(meshes.get(kind)).filter(m -> m.triangleCount() > 0);
    }
}
