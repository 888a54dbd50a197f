package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.volume.Affine;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * A head that neither network saw in training (their seeds are 500,000 and 700,000 onwards),
 * through localiser, joint network and surfaces.
 */
class HeldOutPhantomTest {

    private static final long SEED = 900_003;

    private static HeadPhantom phantom;
    private static VolumeGeometry grid;
    private static short[][] slices;
    private static Map<Side, SegmentedJoint> joints;

    @BeforeAll
    static void scan() throws IOException {
        phantom = HeadPhantom.of(PhantomParameters.random(SEED));
        grid = PhantomScan.axial(phantom, PhantomScan.FieldOfView.FACE, 0.6, 0.8, 0);
        slices = Scans.slices(phantom, grid);
        joints = segment(CtSeries.inMemory(grid, slices));
    }

    private static Map<Side, SegmentedJoint> segment(CtSeries series) throws IOException {
        Localization where = Models.EMBEDDED.localizer().locate(series);
        Map<Side, SegmentedJoint> joints = new EnumMap<>(Side.class);
        for (JointLocation.Found found : where.found()) {
            JointSegmentation s =
                    Models.EMBEDDED.segmenter().segment(series, where.intensity(), found);
            assertThat(s).isInstanceOf(SegmentedJoint.class);
            joints.put(found.side(), (SegmentedJoint) s);
        }
        return joints;
    }

    private static Vec3 centre(SegmentedJoint joint) {
        VolumeGeometry g = joint.hu().geometry();
        return g.toPatient((g.columns() - 1) / 2.0, (g.rows() - 1) / 2.0, (g.slices() - 1) / 2.0);
    }

    private static double condyleMm3(SegmentedJoint joint) {
        int n = 0;
        for (byte b : joint.owner()) {
            n += b == SegmentedJoint.CONDYLE ? 1 : 0;
        }
        return n * joint.hu().geometry().voxelVolumeMm3();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void theVoiIsCentredOnTheCondyle(Side side) {
        assertThat(joints).containsKey(side);
        assertThat(centre(joints.get(side)).distanceTo(phantom.truth(side).centre()))
                .isLessThan(3.5);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void bothBonesAreTheOnesOfTheTruth(Side side) {
        SegmentedJoint joint = joints.get(side);
        byte[] truth = phantom.labels(joint.hu().geometry(), 2);
        assertThat(dice(joint.owner(), truth, SegmentedJoint.CONDYLE, HeadPhantom.MANDIBLE))
                .isGreaterThan(0.95);
        assertThat(dice(joint.owner(), truth, SegmentedJoint.TEMPORAL_BONE, HeadPhantom.SKULL))
                .isGreaterThan(0.92);
        assertThat(joint.confidence()).isGreaterThan(0.85);
        assertThat(joint.clearShare()).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void surfacesOfTheHeadLieAQuarterOfAVoxelFromTheTruth(Side side) {
        SegmentedJoint joint = joints.get(side);
        VolumeGeometry g = joint.hu().geometry();
        Vec3 centre = phantom.truth(side).centre();
        double sum = 0;
        int n = 0;
        for (int k = 0; k < g.slices() - 1; k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++) {
                    double a = joint.condyleMm().get(i, j, k);
                    double b = joint.condyleMm().get(i, j, k + 1);
                    Vec3 p = g.toPatient(i, j, k + a / (a - b));
                    if (a < 0 && b >= 0 && p.distanceTo(centre) < 12) {
                        sum += Math.abs(phantom.condyleMm(p));
                        n++;
                    }
                }
            }
        }
        assertThat(n).isGreaterThan(300);
        assertThat(sum / n).isLessThan(0.12);
    }

    @Test
    void aMirroredScanGivesTheMirroredResult() throws IOException {
        Affine a = grid.indexToPatient();
        VolumeGeometry mirrored =
                new VolumeGeometry(
                        grid.columns(),
                        grid.rows(),
                        grid.slices(),
                        Affine.ofColumns(
                                a.step(0),
                                a.step(1),
                                a.step(2),
                                new Vec3(
                                        -grid.toPatient(grid.columns() - 1, 0, 0).x(),
                                        a.origin().y(),
                                        a.origin().z())));
        short[][] reversed = new short[slices.length][];
        for (int k = 0; k < slices.length; k++) {
            reversed[k] = new short[slices[k].length];
            for (int o = 0; o < reversed[k].length; o++) {
                int i = o % grid.columns();
                reversed[k][o] = slices[k][o - i + grid.columns() - 1 - i];
            }
        }
        Map<Side, SegmentedJoint> other = segment(CtSeries.inMemory(mirrored, reversed));
        for (Side side : Side.values()) {
            SegmentedJoint here = joints.get(side);
            SegmentedJoint there = other.get(side.opposite());
            assertThat(there).isNotNull();
            Vec3 c = centre(there);
            assertThat(new Vec3(-c.x(), c.y(), c.z()).distanceTo(centre(here))).isLessThan(3);
            double height = phantom.truth(side).top().z();
            assertThat(volumeAbove(there, height - 10))
                    .isCloseTo(
                            volumeAbove(here, height - 10),
                            within(0.02 * volumeAbove(here, height - 10)));
        }
    }

    /** Condyle above a level, by the share of each voxel that a linear field has below zero. */
    private static double volumeAbove(SegmentedJoint joint, double z) {
        VolumeGeometry g = joint.hu().geometry();
        double sum = 0;
        for (int o = 0; o < joint.owner().length; o++) {
            int k = o / (g.columns() * g.rows());
            if (g.toPatient(0, 0, k).z() > z) {
                sum += Math.clamp(0.5 - joint.condyleMm().values()[o] / g.spacingMm(0), 0, 1);
            }
        }
        return sum * g.voxelVolumeMm3();
    }

    @Test
    void theSameVoxelsInSagittalSlicesGiveTheSameJoints() throws IOException {
        VolumeGeometry sagittal =
                new VolumeGeometry(
                        grid.rows(),
                        grid.slices(),
                        grid.columns(),
                        Affine.ofColumns(
                                grid.indexToPatient().step(1),
                                grid.indexToPatient().step(2),
                                grid.indexToPatient().step(0),
                                grid.indexToPatient().origin()));
        short[][] turned = new short[grid.columns()][grid.rows() * grid.slices()];
        for (int k = 0; k < grid.slices(); k++) {
            for (int j = 0; j < grid.rows(); j++) {
                for (int i = 0; i < grid.columns(); i++) {
                    turned[i][j + grid.rows() * k] = slices[k][i + grid.columns() * j];
                }
            }
        }
        Map<Side, SegmentedJoint> other = segment(CtSeries.inMemory(sagittal, turned));
        for (Side side : Side.values()) {
            assertThat(centre(other.get(side)).distanceTo(centre(joints.get(side))))
                    .isLessThan(0.5);
            assertThat(condyleMm3(other.get(side)))
                    .isCloseTo(
                            condyleMm3(joints.get(side)),
                            within(0.02 * condyleMm3(joints.get(side))));
        }
    }

    private static double dice(byte[] a, byte[] b, int ofA, int ofB) {
        int both = 0;
        int sum = 0;
        for (int o = 0; o < a.length; o++) {
            both += a[o] == ofA && b[o] == ofB ? 2 : 0;
            sum += (a[o] == ofA ? 1 : 0) + (b[o] == ofB ? 1 : 0);
        }
        return (double) both / sum;
    }
}
