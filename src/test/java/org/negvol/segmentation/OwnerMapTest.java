package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

class OwnerMapTest {

    private static final VolumeGeometry GRID =
            VolumeGeometry.axisAligned(40, 40, 40, 0.4, Vec3.ZERO);
    private static final int TOP = 20;
    private static final int ROOF = 24;

    /**
     * A square post under a slab, 1.6 mm apart, in slices so thick that bone on both sides lifts
     * the space between them above what counts as bone.
     */
    @Test
    void aJointSpaceThatThickSlicesBrightenIsNoPitOfTheCondyle() {
        float[] hu = new float[(int) GRID.voxelCount()];
        byte[] owner = new byte[hu.length];
        for (int k = 0, o = 0; k < GRID.slices(); k++) {
            for (int j = 0; j < GRID.rows(); j++) {
                for (int i = 0; i < GRID.columns(); i++, o++) {
                    boolean over = i >= 10 && i < 30 && j >= 10 && j < 30;
                    owner[o] =
                            k >= ROOF
                                    ? SegmentedJoint.TEMPORAL_BONE
                                    : over && k < TOP
                                            ? SegmentedJoint.CONDYLE
                                            : SegmentedJoint.BACKGROUND;
                    boolean bright = over && k >= TOP;
                    hu[o] = owner[o] != SegmentedJoint.BACKGROUND ? 900 : bright ? 300 : 40;
                }
            }
        }
        // A pit within the bone's side, on the other hand, is the network's.
        int pit = GRID.index(10, 20, 10);
        owner[pit] = SegmentedJoint.BACKGROUND;
        byte[] cleaned = OwnerMap.clean(new ScalarVolume(GRID, hu), owner);
        for (int k = TOP; k < ROOF; k++) {
            assertThat(cleaned[GRID.index(20, 20, k)])
                    .as("voxel %d above the condyle", k - TOP)
                    .isEqualTo(SegmentedJoint.BACKGROUND);
        }
        assertThat(cleaned[GRID.index(20, 20, TOP - 1)]).isEqualTo(SegmentedJoint.CONDYLE);
        assertThat(cleaned[pit]).isEqualTo(SegmentedJoint.CONDYLE);
    }

    /**
     * Noise in the muscle below the fossa that the network takes for bone, and a thin bony wall
     * beside it that reads no more in the mean than the noise does.
     */
    @Test
    void whatNowhereReadsLikeBoneIsNoise() {
        float[] hu = new float[(int) GRID.voxelCount()];
        byte[] owner = new byte[hu.length];
        for (int k = 0, o = 0; k < GRID.slices(); k++) {
            for (int j = 0; j < GRID.rows(); j++) {
                for (int i = 0; i < GRID.columns(); i++, o++) {
                    boolean fossa = k >= ROOF;
                    boolean below = k >= 4 && k < 14 && j >= 10 && j < 20;
                    boolean noise = below && i >= 4 && i < 14;
                    boolean wall = below && i >= 24 && i < 34;
                    owner[o] =
                            fossa || noise || wall
                                    ? SegmentedJoint.TEMPORAL_BONE
                                    : SegmentedJoint.BACKGROUND;
                    boolean core = i == 29 && j == 15;
                    hu[o] =
                            fossa
                                    ? 1000
                                    : noise ? 340 + 20 * (o % 9) : wall ? core ? 900 : 340 : 40;
                }
            }
        }
        byte[] cleaned = OwnerMap.clean(new ScalarVolume(GRID, hu), owner);
        assertThat(cleaned[GRID.index(9, 15, 9)]).isEqualTo(SegmentedJoint.BACKGROUND);
        assertThat(cleaned[GRID.index(27, 13, 9)]).isEqualTo(SegmentedJoint.TEMPORAL_BONE);
        assertThat(cleaned[GRID.index(20, 20, 30)]).isEqualTo(SegmentedJoint.TEMPORAL_BONE);
    }
}
