package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.negvol.segmentation.JointLocation.Missing;
import org.negvol.segmentation.JointLocation.Why;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** What is made of the network's words when they are few, or do not fit each other. */
class JointLocalizerTest {

    private static final VolumeGeometry GRID =
            VolumeGeometry.axisAligned(100, 60, 60, 2, new Vec3(-100, -60, -60));
    private static final float CORTEX_HU = 900;

    private static final Vec3 LEFT = new Vec3(50, 0, 0);
    private static final Vec3 RIGHT = new Vec3(-50, 0, 0);

    private float[] hu;
    private Probabilities named;

    @BeforeEach
    void aHeadOfWhichNothingIsNamed() {
        hu = new float[(int) GRID.voxelCount()];
        Arrays.fill(hu, 40);
        named = Probabilities.none(GRID, List.of(Meaning.values()));
        bone(new Vec3(0, 40, 0), 12, CORTEX_HU, Meaning.BACKGROUND, 0);
    }

    /** A cube of bone round a point, so many voxels of 8 mm³ long. */
    private void bone(Vec3 middle, int edge, float meanHu, Meaning meaning, float probability) {
        Vec3 at = GRID.toIndex(middle);
        int half = edge / 2;
        for (int k = (int) at.z() - half; k < (int) at.z() - half + edge; k++) {
            for (int j = (int) at.y() - half; j < (int) at.y() - half + edge; j++) {
                for (int i = (int) at.x() - half; i < (int) at.x() - half + edge; i++) {
                    int o = GRID.index(i, j, k);
                    hu[o] = meanHu;
                    if (meaning != Meaning.BACKGROUND) {
                        named.of(meaning)[o] = probability;
                    }
                }
            }
        }
    }

    private void fossae() {
        bone(LEFT.plus(new Vec3(0, 0, 12)), 12, 600, Meaning.LEFT_SKULL, 0.9f);
        bone(RIGHT.plus(new Vec3(0, 0, 12)), 12, 600, Meaning.RIGHT_SKULL, 0.9f);
    }

    private Map<Side, JointLocation> judged() {
        return JointLocalizer.judge(new ScalarVolume(GRID, hu), named, GRID);
    }

    private void isRefused(Side side, Why why) {
        assertThat(judged().get(side))
                .isInstanceOfSatisfying(
                        Missing.class, m -> assertThat(m.why()).as(m.sentence()).isEqualTo(why));
    }

    @Test
    void aCondyleHardlySeenUnderTheScansTopIsCutOff() {
        Vec3 underTop = new Vec3(0, 0, 46);
        bone(LEFT.plus(underTop), 4, CORTEX_HU, Meaning.LEFT_MANDIBLE, 0.4f);
        bone(RIGHT.plus(underTop), 4, CORTEX_HU, Meaning.RIGHT_MANDIBLE, 0.4f);
        isRefused(Side.LEFT, Why.CUT_BY_FIELD_OF_VIEW);
        isRefused(Side.RIGHT, Why.CUT_BY_FIELD_OF_VIEW);
    }

    @Test
    void aCondyleHardlySeenInTheMiddleOfTheScanIsNotClear() {
        bone(LEFT, 4, CORTEX_HU, Meaning.LEFT_MANDIBLE, 0.4f);
        bone(RIGHT, 4, CORTEX_HU, Meaning.RIGHT_MANDIBLE, 0.4f);
        isRefused(Side.LEFT, Why.LOW_CONFIDENCE);
        isRefused(Side.RIGHT, Why.LOW_CONFIDENCE);
    }

    @Test
    void aBitOfBoneUnderALargeFossaIsNoMandible() {
        fossae();
        bone(LEFT.minus(new Vec3(0, 0, 10)), 4, CORTEX_HU, Meaning.LEFT_MANDIBLE, 0.4f);
        isRefused(Side.LEFT, Why.NO_MANDIBLE);
        isRefused(Side.RIGHT, Why.NO_MANDIBLE);
    }

    @Test
    void softTissueWithABitOfBoneInItIsNoMandible() {
        fossae();
        Vec3 below = RIGHT.minus(new Vec3(0, 0, 8));
        bone(below, 6, 60, Meaning.RIGHT_MANDIBLE, 0.9f);
        bone(below, 4, 400, Meaning.RIGHT_MANDIBLE, 0.9f);
        isRefused(Side.LEFT, Why.NO_MANDIBLE);
        isRefused(Side.RIGHT, Why.NO_MANDIBLE);
    }

    @Test
    void aVertebraThatIsCutOffIsNoMandible() {
        fossae();
        bone(new Vec3(46, 0, -50), 8, CORTEX_HU, Meaning.LEFT_MANDIBLE, 0.9f);
        isRefused(Side.LEFT, Why.NO_MANDIBLE);
        isRefused(Side.RIGHT, Why.NO_MANDIBLE);
    }

    @Test
    void aBallWithoutASocketAndWithoutItsLikeIsNoJoint() {
        // So far to the patient's right that the other one would lie outside the scan.
        bone(new Vec3(-64, 0, 0), 5, 1300, Meaning.LEFT_MANDIBLE, 0.9f);
        isRefused(Side.LEFT, Why.JOINT_NOT_FOUND);
    }
}
