package org.negvol.surface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

class IsoSurfaceTest {

    static void assertSound(TriangleMesh mesh) {
        MeshMeasures m = MeshMeasures.of(mesh);
        assertThat(m.closed()).as("closed").isTrue();
        assertThat(m.manifold()).as("manifold").isTrue();
        assertThat(m.oriented()).as("oriented").isTrue();
        assertThat(m.volumeMm3()).as("volume").isPositive();
        assertThat(SelfIntersections.count(mesh)).as("self-intersections").isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.3, 0.002", "0.4, 0.0035", "0.6, 0.0075"})
    void ballHasItsVolumeAndArea(double spacing, double tolerance) {
        double r = 5;
        Vec3 c = new Vec3(-31.237, 12.41, -551.19);
        TriangleMesh mesh =
                IsoSurface.extract(Shapes.on(Shapes.grid(14, spacing, c), Shapes.ball(c, r)), 0);
        assertSound(mesh);
        MeshMeasures m = MeshMeasures.of(mesh);
        double volume = 4 / 3.0 * Math.PI * r * r * r;
        assertThat(m.volumeMm3() / volume).isCloseTo(1, within(tolerance));
        assertThat(m.areaMm2() / (4 * Math.PI * r * r)).isCloseTo(1, within(tolerance));
        assertThat(m.components()).isOne();
        assertThat(m.centroidMm().distanceTo(c)).isLessThan(0.001);
        for (int v = 0; v < mesh.vertexCount(); v++) {
            assertThat(mesh.vertex(v).distanceTo(c)).isCloseTo(r, within(0.004));
        }
    }

    @Test
    void shearedAnisotropicAndMirroredGridsGiveTheSameBall() {
        Vec3 c = new Vec3(1, 2, 3);
        double volume = 4 / 3.0 * Math.PI * 125;
        for (int mirrored = 0; mirrored < 2; mirrored++) {
            double sx = mirrored == 0 ? 0.4 : -0.4;
            // Gantry tilt of 16.5 degrees and thicker slices.
            Affine a = Affine.of(sx, 0, 0, 1 - 24 * sx, 0, 0.4, 0.178, -9, 0, 0, 0.6, -5);
            VolumeGeometry g = new VolumeGeometry(49, 49, 28, a);
            TriangleMesh mesh = IsoSurface.extract(Shapes.on(g, Shapes.ball(c, 5)), 0);
            assertSound(mesh);
            assertThat(MeshMeasures.volumeMm3(mesh) / volume).isCloseTo(1, within(0.005));
        }
    }

    @Test
    void everyFieldGivesASoundMesh() {
        for (long seed = 0; seed < 30; seed++) {
            SplittableRandom r = new SplittableRandom(seed);
            VolumeGeometry g = VolumeGeometry.axisAligned(12, 13, 11, 0.4, new Vec3(0, 0, 0));
            float[] v = new float[(int) g.voxelCount()];
            for (int i = 0; i < v.length; i++) {
                v[i] = (float) r.nextDouble(-1, 1);
            }
            TriangleMesh mesh = IsoSurface.extract(new ScalarVolume(g, v), 0);
            MeshMeasures m = MeshMeasures.of(mesh);
            assertThat(m.closed() && m.manifold() && m.oriented()).as("seed " + seed).isTrue();
            assertThat(SelfIntersections.count(mesh)).as("seed " + seed).isZero();
        }
    }

    @Test
    void valuesExactlyAtTheLevelNeitherTearNorPinch() {
        VolumeGeometry g = VolumeGeometry.axisAligned(9, 9, 9, 1, new Vec3(0, 0, 0));
        Shapes.Field diamond =
                p -> Math.abs(p.x() - 4) + Math.abs(p.y() - 4) + Math.abs(p.z() - 4) - 3;
        assertSound(IsoSurface.extract(Shapes.on(g, diamond), 0));
        Shapes.Field steps = p -> Math.signum(p.distanceTo(new Vec3(4, 4, 4)) - 3);
        assertSound(IsoSurface.extract(Shapes.on(g, steps), 0));
    }

    @Test
    void whatReachesTheBorderIsClosedWhereTheVoxelsEnd() {
        VolumeGeometry g = VolumeGeometry.axisAligned(20, 20, 20, 0.5, new Vec3(0, 0, 0));
        TriangleMesh mesh = IsoSurface.extract(Shapes.on(g, p -> -1), 0);
        assertSound(mesh);
        // The edges and corners of the box are chamfered.
        assertThat(MeshMeasures.volumeMm3(mesh)).isBetween(980.0, 1000.0);
        TriangleMesh half = IsoSurface.extract(Shapes.on(g, p -> p.z() - 4.1), 0);
        assertSound(half);
        assertThat(MeshMeasures.volumeMm3(half)).isBetween(425.0, 435.0);
    }

    @Test
    void nothingInsideIsAnEmptyMesh() {
        VolumeGeometry g = VolumeGeometry.axisAligned(4, 4, 4, 1, new Vec3(0, 0, 0));
        for (double value : new double[] {1, Double.NaN, Double.POSITIVE_INFINITY}) {
            TriangleMesh mesh = IsoSurface.extract(Shapes.on(g, p -> value), 0);
            assertThat(mesh.triangleCount()).isZero();
            assertThat(MeshMeasures.of(mesh).volumeMm3()).isZero();
            assertThat(MeshMeasures.of(mesh).closed()).isFalse();
        }
        assertThatThrownBy(() -> IsoSurface.extract(Shapes.on(g, p -> 1), Double.NaN))
                .hasMessageContaining("finite level");
    }

    @Test
    void oneVoxelAndNanNeighboursGiveASoundMesh() {
        VolumeGeometry g = VolumeGeometry.axisAligned(1, 1, 1, 1, new Vec3(0, 0, 0));
        assertSound(IsoSurface.extract(Shapes.on(g, p -> -1), 0));
        VolumeGeometry cube = VolumeGeometry.axisAligned(5, 5, 5, 1, new Vec3(0, 0, 0));
        Vec3 c = new Vec3(2, 2, 2);
        assertSound(
                IsoSurface.extract(
                        Shapes.on(cube, p -> p.distanceTo(c) < 1.1 ? -1 : Double.NaN), 0));
        assertSound(
                IsoSurface.extract(
                        Shapes.on(cube, p -> p.distanceTo(c) < 1.1 ? Double.NEGATIVE_INFINITY : 3),
                        0));
    }
}
