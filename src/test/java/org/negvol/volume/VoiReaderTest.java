package org.negvol.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VoiReaderTest {

    private static final Vec3 X = new Vec3(1, 0, 0);
    private static final Vec3 Y = new Vec3(0, 1, 0);
    private static final Vec3 Z = new Vec3(0, 0, 1);

    private static double ramp(Vec3 p) {
        return 20 * p.x() - 15 * p.y() + 10 * p.z() + 100;
    }

    /** Series of many habits, each with the origin of the patient well inside. */
    static Stream<List<SliceHeader>> habits() {
        double t = Math.toRadians(16);
        Vec3 a = new Vec3(0.8, 0.6, 0);
        Vec3 b = new Vec3(-0.6, 0.8, 0);
        return Stream.of(
                series(X, Y, Z, 0.8, 0.8),
                series(X.times(-1), Y, Z.times(-1), 0.8, 1),
                series(Y, Z.times(-1), X.times(-1), 0.9, 3),
                series(X, Z.times(-1), Y, 0.9, 2),
                series(a, b, Z, 0.7, 1.3),
                series(X, new Vec3(0, Math.cos(t), -Math.sin(t)), Z, 0.8, 2.5));
    }

    private static List<SliceHeader> series(
            Vec3 row, Vec3 column, Vec3 direction, double mm, double dz) {
        int n = 64;
        int count = (int) (60 / dz);
        Vec3 origin =
                row.plus(column)
                        .times(-mm * (n - 1) / 2)
                        .minus(direction.times(dz * (count - 1) / 2));
        return Slices.series(row, column, origin, direction.times(dz), count, n, mm);
    }

    @ParameterizedTest
    @MethodSource("habits")
    void aLinearFieldIsReproducedWhateverTheSlicesOrientation(List<SliceHeader> slices)
            throws IOException {
        VolumeGeometry target =
                VolumeGeometry.axisAligned(20, 22, 24, 0.4, new Vec3(-4.1, -4.2, -4.3));
        ScalarVolume v = VoiReader.read(Slices.of(slices, VoiReaderTest::ramp), target);
        for (int k = 0; k < 24; k++) {
            for (int j = 0; j < 22; j++) {
                for (int i = 0; i < 20; i++) {
                    assertThat((double) v.get(i, j, k))
                            .isCloseTo(ramp(target.toPatient(i, j, k)), within(1.0));
                }
            }
        }
    }

    @Test
    void aCoarserTargetAveragesInsteadOfAliasing() throws IOException {
        List<SliceHeader> slices = Slices.series(X, Y, Vec3.ZERO, new Vec3(0, 0, 0.4), 50, 50, 0.4);
        // A checkerboard of the finest scale: any sampling without averaging shows it.
        CtSeries series =
                Slices.of(
                        slices,
                        p -> Math.floorMod(Math.round((p.x() + p.y() + p.z()) / 0.4), 2) * 1000);
        ScalarVolume v =
                VoiReader.read(series, VolumeGeometry.axisAligned(7, 7, 7, 2.0, new Vec3(4, 4, 4)));
        for (float f : v.values()) {
            assertThat(f).isBetween(480f, 520f);
        }
    }

    @Test
    void averagingDoesNotShiftTheField() throws IOException {
        List<SliceHeader> slices =
                Slices.series(X, Y, new Vec3(-15, -15, -15), new Vec3(0, 0, 0.4), 75, 75, 0.4);
        CtSeries series = Slices.of(slices, VoiReaderTest::ramp);
        VolumeGeometry target = VolumeGeometry.axisAligned(8, 8, 8, 2.0, new Vec3(-7, -7, -7));
        ScalarVolume v = VoiReader.read(series, target);
        assertThat((double) v.get(3, 2, 5)).isCloseTo(ramp(target.toPatient(3, 2, 5)), within(1.0));
    }

    @Test
    void outsideTheScanIsAirAndNothingIsReadForIt() throws IOException {
        CtSeries series = Slices.of(Slices.axial(20), p -> 500);
        ScalarVolume half =
                VoiReader.read(
                        series, VolumeGeometry.axisAligned(8, 8, 8, 0.4, new Vec3(-21.5, 0, 0)));
        assertThat(half.get(0, 0, 0)).isEqualTo(-1024f);
        assertThat(half.get(7, 0, 0)).isEqualTo(500f);
        Set<String> read = ConcurrentHashMap.newKeySet();
        CtSeries watched = watched(series, read);
        VoiReader.read(watched, VolumeGeometry.axisAligned(8, 8, 8, 0.4, new Vec3(500, 0, 0)));
        assertThat(read).isEmpty();
    }

    @Test
    void onlySlicesThatTouchTheTargetAreRead() throws IOException {
        Set<String> read = ConcurrentHashMap.newKeySet();
        CtSeries series = watched(Slices.of(Slices.axial(100), p -> 0), read);
        VoiReader.read(series, VolumeGeometry.axisAligned(8, 8, 5, 0.4, new Vec3(0, 0, 40)));
        assertThat(read).hasSizeLessThan(10).contains("9.50");
    }

    @Test
    void anUnreadableSliceIsAnIoException() {
        CtSeries good = Slices.of(Slices.axial(20), p -> 0);
        CtSeries bad =
                new CtSeries(
                        good.stack(),
                        s -> {
                            throw new IOException("broken " + s.source());
                        });
        assertThatThrownBy(() -> VoiReader.read(bad, VoiGrid.around(Vec3.ZERO)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("broken");
    }

    @Test
    void theVolumeOfInterestIsCentredOnTheJoint() {
        VolumeGeometry voi = VoiGrid.around(new Vec3(50, 2, -550));
        assertThat(voi.toPatient(47.5, 63.5, 55.5).distanceTo(new Vec3(50, 2, -550)))
                .isLessThan(1e-9);
    }

    private static CtSeries watched(CtSeries series, Set<String> read) {
        return new CtSeries(
                series.stack(),
                s -> {
                    read.add(s.source());
                    return series.reader().readHu(s);
                });
    }
}
