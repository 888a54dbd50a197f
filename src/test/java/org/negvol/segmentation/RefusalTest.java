package org.negvol.segmentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.ScanArtefacts;
import org.negvol.segmentation.JointLocation.Found;
import org.negvol.segmentation.JointLocation.Missing;
import org.negvol.volume.CtSeries;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** What a scan does not show is not made up, and the reason is the right one. */
class RefusalTest {

    private static final double PIXEL_MM = 1.0;
    private static final double SLICE_MM = 1.5;

    private static String verdict(CtSeries series, Side side) throws IOException {
        return verdict(series, Models.EMBEDDED.localizer().locate(series), side);
    }

    private static String verdict(CtSeries series, Localization where, Side side)
            throws IOException {
        return switch (where.joint(side)) {
            case Found f ->
                    Models.EMBEDDED.segmenter().segment(series, where.intensity(), f)
                                    instanceof Missing m
                            ? reason(m)
                            : "FOUND";
            case Missing m -> reason(m);
        };
    }

    private static String reason(Missing m) {
        assertThat(m.sentence()).endsWith(".").doesNotContain("null");
        return m.why().name();
    }

    private static HeadPhantom withoutMandible(HeadPhantom phantom) {
        PhantomParameters p = phantom.parameters();
        PhantomParameters.Head h = p.head();
        return HeadPhantom.of(
                p.withHead(
                        new PhantomParameters.Head(
                                h.scaleX(),
                                h.scaleY(),
                                h.scaleZ(),
                                h.warpMm(),
                                h.vaultThicknessMm(),
                                h.fatMm(),
                                h.pneumatisation(),
                                h.pitchDegrees(),
                                h.yawDegrees(),
                                h.rollDegrees(),
                                h.originX(),
                                h.originY(),
                                h.originZ(),
                                false,
                                h.teeth(),
                                0,
                                0)));
    }

    @ParameterizedTest(name = "{0}: left {1}, right {2}")
    @CsvSource({
        "whole face,            FOUND,                FOUND",
        "LEFT_JOINT,            FOUND,                CUT_BY_FIELD_OF_VIEW",
        "RIGHT_JOINT,           CUT_BY_FIELD_OF_VIEW, FOUND",
        "JAW,                   JOINT_NOT_FOUND,      JOINT_NOT_FOUND",
        "VAULT,                 JOINT_NOT_FOUND,      JOINT_NOT_FOUND",
        "NECK,                  JOINT_NOT_FOUND,      JOINT_NOT_FOUND",
        "no mandible,           NO_MANDIBLE,          NO_MANDIBLE",
        "left condyle cut,      CUT_BY_FIELD_OF_VIEW, FOUND",
        "left fossa cut,        CUT_BY_FIELD_OF_VIEW, FOUND",
        "right prosthesis,      FOUND,                METAL",
    })
    void aJointIsFoundOrRefusedForTheRightReason(String scan, String left, String right)
            throws IOException {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.random(910_003));
        HeadPhantom shown = scan.equals("no mandible") ? withoutMandible(head) : head;
        PhantomScan.FieldOfView view =
                Character.isUpperCase(scan.charAt(0))
                        ? PhantomScan.FieldOfView.valueOf(scan)
                        : PhantomScan.FieldOfView.FACE;
        VolumeGeometry grid = PhantomScan.axial(shown, view, PIXEL_MM, SLICE_MM, 0);
        if (scan.equals("left condyle cut")) {
            int columns = (int) grid.toIndex(head.truth(Side.LEFT).centre()).x();
            grid = grid.box(0, 0, 0, columns, grid.rows(), grid.slices());
        } else if (scan.equals("left fossa cut")) {
            // This head is rolled: its left joint lies 9 mm higher.
            double top = head.truth(Side.LEFT).centre().z() + 6;
            int slices = (int) grid.toIndex(new Vec3(0, 0, top)).z();
            grid = grid.box(0, 0, 0, grid.columns(), grid.rows(), slices);
        }
        ScanArtefacts artefacts =
                scan.equals("right prosthesis")
                        ? ScanArtefacts.of(shown, Set.of(ScanArtefacts.Kind.PROSTHESIS_RIGHT), 7)
                        : ScanArtefacts.NONE;
        CtSeries series = CtSeries.inMemory(grid, Scans.slices(shown, grid, artefacts));
        Localization where = Models.EMBEDDED.localizer().locate(series);
        List<String> verdicts = new ArrayList<>();
        for (Side side : Side.values()) {
            verdicts.add(side + " " + verdict(series, where, side));
        }
        assertThat(verdicts).containsExactly("LEFT " + left, "RIGHT " + right);
    }

    /** Heads whose single joint the network divides between both sides. */
    @ParameterizedTest
    @ValueSource(longs = {940_003, 940_006})
    void aSingleJointIsFoundOnTheSideThatHasMostOfIt(long seed) throws IOException {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.random(seed));
        VolumeGeometry grid =
                PhantomScan.axial(head, PhantomScan.FieldOfView.LEFT_JOINT, PIXEL_MM, SLICE_MM, 0);
        CtSeries series = Scans.of(head, grid);
        assertThat(verdict(series, Side.LEFT)).isEqualTo("FOUND");
        assertThat(verdict(series, Side.RIGHT)).isEqualTo("CUT_BY_FIELD_OF_VIEW");
    }

    @Test
    void aPhantomOfWaterIsNoHead() throws IOException {
        VolumeGeometry grid = VolumeGeometry.axisAligned(120, 120, 60, 2, new Vec3(-120, -120, 0));
        CtSeries water = Scans.of(grid, p -> Math.hypot(p.x(), p.y()) < 90 ? 0 : -1000);
        assertThat(verdict(water, Side.LEFT)).isEqualTo("NO_HEAD");
        assertThat(verdict(water, Side.RIGHT)).isEqualTo("NO_HEAD");
    }

    @Test
    void aTubeOfBoneIsNoHeadWithJoints() throws IOException {
        VolumeGeometry grid = VolumeGeometry.axisAligned(100, 100, 80, 2, new Vec3(-100, -100, 0));
        CtSeries thigh =
                Scans.of(
                        grid,
                        p -> {
                            double r = Math.hypot(p.x(), p.y());
                            return r < 7 ? -50 : r < 14 ? 1500 : r < 75 ? 50 : -1000;
                        });
        for (Side side : Side.values()) {
            assertThat(verdict(thigh, side)).isNotEqualTo("FOUND");
        }
    }

    @Test
    void theCloseLookRefusesAPlaceWithoutAJoint() throws IOException {
        HeadPhantom head = HeadPhantom.of(PhantomParameters.random(910_003));
        VolumeGeometry grid =
                PhantomScan.axial(head, PhantomScan.FieldOfView.FACE, PIXEL_MM, SLICE_MM, 0);
        CtSeries series = Scans.of(head, grid);
        Vec3 brain = head.truth(Side.LEFT).centre().plus(new Vec3(-50, 0, 25));
        JointSegmentation s =
                Models.EMBEDDED
                        .segmenter()
                        .segment(
                                series,
                                org.negvol.volume.Intensity.IDENTITY,
                                new Found(Side.LEFT, brain, 0.9));
        assertThat(s).isInstanceOf(Missing.class);
        assertThat(((Missing) s).why()).isEqualTo(JointLocation.Why.LOW_CONFIDENCE);
    }
}
