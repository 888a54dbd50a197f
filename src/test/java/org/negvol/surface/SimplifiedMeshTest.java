package org.negvol.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.volume.Vec3;

/** What a surface with fewer triangles has in common with the one it came from. */
class SimplifiedMeshTest {

    private static final Vec3 CENTRE = new Vec3(50.3, -2.1, 131.7);
    private static final double TOLERANCE_MM = 0.03;

    /** Of the tolerance: it is held against planes, the distance is measured against triangles. */
    private static final double ROOM = 1.5;

    private static final Map<String, Shapes.Field> SHAPES =
            Map.of(
                    "ball",
                    Shapes.ball(CENTRE, 6),
                    "two balls that do not touch",
                    Shapes.ball(CENTRE.plus(new Vec3(-3.5, 0, 0)), 3)
                            .or(Shapes.ball(CENTRE.plus(new Vec3(3.5, 0, 0)), 3)),
                    "knife's edge",
                    Shapes.ball(CENTRE.plus(new Vec3(0, 0, -9)), 10)
                            .and(Shapes.ball(CENTRE.plus(new Vec3(0, 0, 9)), 10)),
                    "shell with a thin rim",
                    Shapes.ball(CENTRE, 7)
                            .and(p -> 5 - p.distanceTo(CENTRE.plus(new Vec3(0, 0, -1.2)))),
                    "cylinder with flat ends",
                    Shapes.rod(CENTRE, 4)
                            .and(Shapes.below(CENTRE.z() + 5))
                            .and(Shapes.above(CENTRE.z() - 5)),
                    "rough bone",
                    p ->
                            p.distanceTo(CENTRE)
                                    - 6
                                    + 0.3 * Math.sin(3.1 * p.x()) * Math.sin(2.7 * p.y())
                                    + 0.3 * Math.sin(2.3 * p.z()));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ball",
                "two balls that do not touch",
                "knife's edge",
                "shell with a thin rim",
                "cylinder with flat ends",
                "rough bone"
            })
    void liesWithinTheToleranceAndKeepsVolumeAreaAndSoundness(String shape) {
        TriangleMesh mesh =
                IsoSurface.extract(Shapes.on(Shapes.grid(16, 0.2, CENTRE), SHAPES.get(shape)), 0);
        TriangleMesh simple = SimplifiedMesh.of(mesh, TOLERANCE_MM);
        MeshMeasures before = MeshMeasures.of(mesh);
        MeshMeasures after = MeshMeasures.of(simple);
        assertThat(before.closed() && before.manifold() && before.oriented()).isTrue();
        assertThat(simple.triangleCount()).isLessThan(mesh.triangleCount() / 2);
        assertThat(after.closed() && after.manifold() && after.oriented()).isTrue();
        assertThat(after.components()).isEqualTo(before.components());
        assertThat(SelfIntersections.count(simple)).isEqualTo(SelfIntersections.count(mesh));
        assertThat(after.volumeMm3()).isCloseTo(before.volumeMm3(), within(1e-6));
        assertThat(after.areaMm2() / before.areaMm2()).isCloseTo(1, within(0.003));
        assertThat(farthestMm(mesh, simple)).isLessThan(ROOM * TOLERANCE_MM);
        assertThat(farthestMm(simple, mesh)).isLessThan(ROOM * TOLERANCE_MM);
    }

    /** Largest distance of the vertices and the middles of triangles and sides from a surface. */
    private static double farthestMm(TriangleMesh from, TriangleMesh to) {
        MeshDistance distance = MeshDistance.of(to);
        double most = 0;
        int[] c = from.triangles();
        for (int t = 0; t < c.length; t += 3) {
            Vec3 a = from.vertex(c[t]);
            Vec3 b = from.vertex(c[t + 1]);
            Vec3 d = from.vertex(c[t + 2]);
            for (Vec3 p : new Vec3[] {a, a.plus(b).times(0.5), a.plus(b).plus(d).times(1.0 / 3)}) {
                most = Math.max(most, distance.distanceMm(p));
            }
        }
        return most;
    }

    @Test
    void sameSurfaceGivesTheSameTriangles() {
        TriangleMesh mesh =
                IsoSurface.extract(
                        Shapes.on(Shapes.grid(16, 0.4, CENTRE), SHAPES.get("rough bone")), 0);
        TriangleMesh once = SimplifiedMesh.of(mesh, TOLERANCE_MM);
        TriangleMesh again = SimplifiedMesh.of(mesh, TOLERANCE_MM);
        assertThat(again.xyzMm()).isEqualTo(once.xyzMm());
        assertThat(again.triangles()).isEqualTo(once.triangles());
    }

    @Test
    void openSurfaceStaysAsItIs() {
        TriangleMesh ball =
                IsoSurface.extract(Shapes.on(Shapes.grid(16, 0.4, CENTRE), SHAPES.get("ball")), 0);
        TriangleMesh open =
                new TriangleMesh(
                        ball.xyzMm(), Arrays.copyOf(ball.triangles(), ball.triangles().length - 3));
        assertThat(SimplifiedMesh.of(open, TOLERANCE_MM)).isSameAs(open);
    }
}
