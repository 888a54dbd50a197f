package org.negvol.phantom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

class HeadPhantomTest {

    private static final PhantomParameters.Acquisition CLEAN =
            new PhantomParameters.Acquisition(0, 0, 1, 0, false);

    private static VolumeGeometry around(Vec3 centre, double mm, int n) {
        double half = mm * (n - 1) / 2;
        return VolumeGeometry.axisAligned(n, n, n, mm, centre.minus(new Vec3(half, half, half)));
    }

    @Test
    void jointSpacesOfTheDemoAreTheGapsThatWereAskedFor() {
        PhantomParameters p = PhantomParameters.demo();
        HeadPhantom phantom = HeadPhantom.of(p);
        for (Side side : Side.values()) {
            JointTruth t = phantom.truth(side);
            PhantomParameters.Joint j = p.joint(side);
            assertThat(t.superior().mm()).isCloseTo(j.superiorGapMm(), within(0.02));
            assertThat(t.anterior().mm()).isCloseTo(j.anteriorGapMm(), within(0.15));
            assertThat(t.posterior().mm()).isCloseTo(j.posteriorGapMm(), within(0.15));
            assertThat(t.medial().mm()).isCloseTo(j.medialGapMm(), within(0.2));
            assertThat(t.lateral().mm()).isCloseTo(j.lateralGapMm(), within(0.2));
            assertThat(t.medialPole().distanceTo(t.lateralPole()))
                    .isCloseTo(j.widthMm(), within(0.1));
            assertThat(t.centre().x() > 0).isEqualTo(side == Side.LEFT);
        }
    }

    @Test
    void everyRandomClosedJointHasBoneOnAllSides() {
        for (long seed = 1; seed <= 60; seed++) {
            PhantomParameters p = PhantomParameters.random(seed);
            if (p.head().mouthOpeningDegrees() > 0) {
                continue;
            }
            HeadPhantom phantom = HeadPhantom.of(p);
            for (Side side : Side.values()) {
                JointTruth t = phantom.truth(side);
                for (JointTruth.Gap gap :
                        List.of(
                                t.anterior(),
                                t.superior(),
                                t.posterior(),
                                t.medial(),
                                t.lateral())) {
                    assertThat(gap.mm()).as("seed %d, %s", seed, side).isBetween(0.5, 10.0);
                }
            }
        }
    }

    @Test
    void jointSpaceMeasuredOnTheRenderedImageEqualsTheTruth() {
        for (long seed : new long[] {3, 4, 11, 12}) {
            PhantomParameters p = PhantomParameters.random(seed).withAcquisition(CLEAN);
            HeadPhantom phantom = HeadPhantom.of(p);
            for (Side side : Side.values()) {
                JointTruth.Gap gap = phantom.truth(side).superior();
                Vec3 middle = gap.condyle().plus(gap.temporal()).times(0.5);
                if (gap.mm() > 8) {
                    continue;
                }
                ScalarVolume hu = phantom.hu(around(middle, 0.2, 64), 2);
                double measured = width(hu, middle, gap);
                assertThat(measured).as("seed %d, %s", seed, side).isCloseTo(gap.mm(), within(0.1));
            }
        }
    }

    /** Distance between the two half-maximum crossings along the line of the gap. */
    private static double width(ScalarVolume hu, Vec3 middle, JointTruth.Gap gap) {
        Vec3 d = gap.temporal().minus(gap.condyle()).normalised();
        double soft = hu.sample(middle);
        return crossing(hu, middle, d, soft) + crossing(hu, middle, d.times(-1), soft);
    }

    private static double crossing(ScalarVolume hu, Vec3 from, Vec3 d, double soft) {
        double peak = soft;
        for (double t = 0; t < 5.5; t += 0.02) {
            double v = hu.sample(from.plus(d.times(t)));
            if (v > soft + 500 && v < peak) {
                break;
            }
            peak = Math.max(peak, v);
        }
        double t = 0;
        while (hu.sample(from.plus(d.times(t))) < (soft + peak) / 2) {
            t += 0.005;
        }
        return t;
    }

    @Test
    void theSameSeedGivesTheSameBytesWhateverTheThreads() {
        PhantomParameters p = PhantomParameters.random(7);
        HeadPhantom one = HeadPhantom.of(p);
        HeadPhantom two = HeadPhantom.of(PhantomParameters.random(7));
        VolumeGeometry grid = around(one.truth(Side.RIGHT).centre(), 0.7, 48);
        assertThat(one.hu(grid, 1).values()).isEqualTo(two.hu(grid, 3).values());
        assertThat(one.labels(grid, 1)).isEqualTo(two.labels(grid, 3));
        assertThat(HeadPhantom.of(PhantomParameters.random(8)).hu(grid, 1).values())
                .isNotEqualTo(one.hu(grid, 1).values());
    }

    @Test
    void whatIsLabelledBoneIsAsDenseAsBoneAndTheJointSpaceIsNot() {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo().withAcquisition(CLEAN));
        VolumeGeometry grid = around(phantom.truth(Side.LEFT).centre(), 0.5, 80);
        byte[] labels = phantom.labels(grid, 2);
        float[] hu = phantom.hu(grid, 2).values();
        int[] count = new int[4];
        int soft = 0;
        for (int i = 0; i < labels.length; i++) {
            count[labels[i]]++;
            if (labels[i] != HeadPhantom.BACKGROUND && hu[i] < 100) {
                soft++;
            }
        }
        assertThat(count[HeadPhantom.MANDIBLE]).isGreaterThan(10_000);
        assertThat(count[HeadPhantom.SKULL]).isGreaterThan(10_000);
        assertThat(soft).isLessThan((count[HeadPhantom.MANDIBLE] + count[HeadPhantom.SKULL]) / 50);
        JointTruth.Gap gap = phantom.truth(Side.LEFT).superior();
        ScalarVolume volume = phantom.hu(grid, 2);
        assertThat(volume.sample(gap.condyle().plus(gap.temporal()).times(0.5))).isLessThan(150);
    }

    @Test
    void distancesAreMillimetresNearTheSurfaces() {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        JointTruth.Gap gap = phantom.truth(Side.RIGHT).superior();
        Vec3 middle = gap.condyle().plus(gap.temporal()).times(0.5);
        assertThat(phantom.condyleMm(middle)).isCloseTo(gap.mm() / 2, within(0.05));
        assertThat(phantom.temporalMm(middle)).isCloseTo(gap.mm() / 2, within(0.05));
        assertThat(phantom.condyleMm(phantom.truth(Side.RIGHT).centre())).isNegative();
    }

    @Test
    void distancesOnAGridAreThoseAtItsPoints() {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        JointTruth.Gap gap = phantom.truth(Side.LEFT).superior();
        Vec3 middle = gap.condyle().plus(gap.temporal()).times(0.5);
        VolumeGeometry grid = around(middle, 0.3, 15);
        assertThat(phantom.condyleMm(grid).sample(middle))
                .isCloseTo(phantom.condyleMm(middle), within(0.03));
        assertThat(phantom.temporalMm(grid).sample(middle))
                .isCloseTo(phantom.temporalMm(middle), within(0.03));
        assertThat(phantom.condyleMm(grid).sample(gap.condyle())).isCloseTo(0, within(0.05));
    }

    @Test
    void aTiltedPartialScanStillHoldsItsJoint() {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        VolumeGeometry grid =
                PhantomScan.axial(phantom, PhantomScan.FieldOfView.LEFT_JOINT, 1, 1, 15);
        Vec3 at = grid.toIndex(phantom.truth(Side.LEFT).centre());
        Vec3 other = grid.toIndex(phantom.truth(Side.RIGHT).centre());
        assertThat(at.x()).isBetween(0.0, grid.columns() - 1.0);
        assertThat(at.z()).isBetween(0.0, grid.slices() - 1.0);
        assertThat(other.x()).isNegative();
    }

    @Test
    void samplesForTrainingHoldTheJointInTheirMiddle() {
        for (long seed = 1; seed <= 3; seed++) {
            PhantomExport.Exported e = PhantomExport.voi(seed);
            String[] line = e.line().split(",", -1);
            assertThat(Double.parseDouble(line[2])).isBetween(35.0, 76.0);
            int o =
                    (int) Double.parseDouble(line[2])
                            + 112
                                    * ((int) Double.parseDouble(line[3])
                                            + 144 * (int) Double.parseDouble(line[4]));
            if (line[5].equals("mandible")) {
                assertThat(e.labels()[o]).as("seed %d", seed).isEqualTo((byte) 1);
            }
        }
    }

    @Test
    void writtenSeriesPassesAnIndependentValidator(@TempDir Path folder)
            throws IOException, InterruptedException {
        assumeTrue(onPath("dciodvfy"), "no dciodvfy on this machine");
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        VolumeGeometry grid = PhantomScan.axial(phantom, PhantomScan.FieldOfView.HEAD, 3, 12.5, 10);
        List<Path> files = PhantomWriter.write(phantom, grid, folder, 2);
        assertThat(files).hasSize(20);
        for (Path file : List.of(files.getFirst(), files.getLast())) {
            Process p =
                    new ProcessBuilder("dciodvfy", file.toString())
                            .redirectErrorStream(true)
                            .start();
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(p.waitFor()).as(said).isZero();
            assertThat(said).doesNotContain("Error").contains("CTImage");
        }
    }

    @Test
    void writingTwiceGivesTheSameFiles(@TempDir Path folder) throws IOException {
        VolumeGeometry grid =
                PhantomScan.axial(
                        HeadPhantom.of(PhantomParameters.demo()),
                        PhantomScan.FieldOfView.RIGHT_JOINT,
                        2,
                        10,
                        0);
        List<Path> a =
                PhantomWriter.write(
                        HeadPhantom.of(PhantomParameters.demo()), grid, folder.resolve("a"), 1);
        List<Path> b =
                PhantomWriter.write(
                        HeadPhantom.of(PhantomParameters.demo()), grid, folder.resolve("b"), 2);
        for (int i = 0; i < a.size(); i++) {
            assertThat(Files.mismatch(a.get(i), b.get(i))).isEqualTo(-1);
        }
    }

    @Test
    void truthIsWrittenByTheNamesOfTheField(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("truth.json");
        PhantomWriter.writeTruth(HeadPhantom.of(PhantomParameters.demo()), file);
        assertThat(Files.readString(file))
                .contains("\"LEFT\": {\"centre\": [50.000, 0.000, 0.000]")
                .contains("\"SJS\": 2.800")
                .contains("\"SJS\": 2.300");
    }

    private static boolean onPath(String program) {
        for (String dir : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(dir, program))) {
                return true;
            }
        }
        return false;
    }
}
