package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

class CondyleCentreTest {

    private static final VolumeGeometry GRID =
            VolumeGeometry.axisAligned(80, 80, 80, 0.4, new Vec3(-16, -16, -16));

    /** The upper half of an ellipsoid, its lower half and a neck. */
    private static byte[] condyle(Vec3 centre, double heightMm) {
        byte[] owner = new byte[(int) GRID.voxelCount()];
        for (int k = 0, o = 0; k < GRID.slices(); k++) {
            for (int j = 0; j < GRID.rows(); j++) {
                for (int i = 0; i < GRID.columns(); i++, o++) {
                    Vec3 p = GRID.toPatient(i, j, k).minus(centre);
                    double half = p.z() > 0 ? heightMm : 6;
                    double across = Math.hypot(p.x() / 9, p.y() / 4.5);
                    boolean neck = p.z() < 0 && Math.hypot(p.x(), p.y()) < 3.5;
                    owner[o] =
                            neck || Math.hypot(across, p.z() / half) < 1
                                    ? SegmentedJoint.CONDYLE
                                    : SegmentedJoint.BACKGROUND;
                }
            }
        }
        return owner;
    }

    @ParameterizedTest
    @ValueSource(doubles = {3, 4, 5, 6, 7})
    void theCentreIsWhereTheHeadIsWidestHoweverHighItIs(double heightMm) {
        Vec3 truth = new Vec3(1, -2, 3);
        Vec3 found = CondyleCentre.of(GRID, condyle(truth, heightMm), Vec3.ZERO);
        assertThat(found).isNotNull();
        assertThat(found.distanceTo(truth)).isCloseTo(0, Offset.offset(0.6));
    }

    @Test
    void withoutAMandibleThereIsNone() {
        assertThat(CondyleCentre.of(GRID, new byte[(int) GRID.voxelCount()], Vec3.ZERO)).isNull();
    }
}
