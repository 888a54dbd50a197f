package org.negvol.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SliceStackTest {

    private static final Vec3 X = new Vec3(1, 0, 0);
    private static final Vec3 Y = new Vec3(0, 1, 0);

    private static SliceStack.Stack stack(List<SliceHeader> slices) {
        SliceStack result = SliceStack.of(slices);
        assertThat(result).isInstanceOf(SliceStack.Stack.class);
        return (SliceStack.Stack) result;
    }

    private static SliceStack.Reason reason(List<SliceHeader> slices) {
        SliceStack result = SliceStack.of(slices);
        assertThat(result).isInstanceOf(SliceStack.NotAVolume.class);
        assertThat(((SliceStack.NotAVolume) result).sentence()).endsWith(".");
        return ((SliceStack.NotAVolume) result).reason();
    }

    @Test
    void slicesInAnyOrderAreSortedAlongTheirNormal() {
        List<SliceHeader> slices = Slices.axial(30);
        Collections.shuffle(slices, new Random(7));
        SliceStack.Stack stack = stack(slices);
        assertThat(stack.slices()).isEqualTo(Slices.axial(30));
        assertThat(stack.geometry().toPatient(1, 2, 3)).isEqualTo(new Vec3(-19, -18, -7));
        assertThat(stack.notes()).isEmpty();
    }

    @Test
    void headsUpAndFeetUpSeriesBothGetARightHandedGrid() {
        List<SliceHeader> flipped =
                Slices.series(new Vec3(-1, 0, 0), Y, Vec3.ZERO, new Vec3(0, 0, 1), 20, 40, 1);
        SliceStack.Stack stack = stack(flipped);
        assertThat(stack.geometry().indexToPatient().determinant()).isPositive();
        assertThat(stack.geometry().toPatient(0, 0, 0).z()).isEqualTo(19);
    }

    @Test
    void gantryTiltIsAShearAndItsAngleIsTold() {
        double t = Math.toRadians(16.5);
        Vec3 down = new Vec3(0, Math.cos(t), -Math.sin(t));
        SliceStack.Stack stack =
                stack(Slices.series(X, down, Vec3.ZERO, new Vec3(0, 0, 2.5), 20, 40, 1));
        assertThat(stack.tiltDegrees()).isCloseTo(16.5, within(1e-6));
        assertThat(stack.geometry().toPatient(0, 0, 4).z()).isCloseTo(10, within(1e-9));
    }

    @Test
    void straySlicesAtTheEndsAreLeftOutAndNoted() {
        List<SliceHeader> slices = Slices.axial(30);
        slices.add(Slices.header("s1", X, Y, new Vec3(-20, -20, -40), 40, 1));
        slices.add(Slices.header("s2", X, Y, new Vec3(-20, -20, 43), 40, 1));
        SliceStack.Stack stack = stack(slices);
        assertThat(stack.geometry().slices()).isEqualTo(30);
        assertThat(stack.notes()).singleElement().asString().contains("2 ×", "stray");
    }

    /**
     * A sagittal series as one scanner sends it: a pair far to one side, a single far to the other.
     */
    @Test
    void theEvenRunOfARealSagittalSeriesIsKept() {
        Vec3 down = new Vec3(0, 0, -1);
        Vec3 left = new Vec3(3, 0, 0);
        List<SliceHeader> slices = Slices.series(Y, down, Vec3.ZERO, left, 53, 40, 0.5);
        slices.add(Slices.header("a", Y, down, new Vec3(-27, 0, 0), 40, 0.5));
        slices.add(Slices.header("b", Y, down, new Vec3(-24, 0, 0), 40, 0.5));
        slices.add(Slices.header("c", Y, down, new Vec3(52 * 3 + 30, 0, 0), 40, 0.5));
        SliceStack.Stack stack = stack(slices);
        assertThat(stack.geometry().slices()).isEqualTo(53);
        assertThat(stack.notes()).singleElement().asString().contains("3 ×");
    }

    @Test
    void duplicatesAreLeftOutAndNoted() {
        List<SliceHeader> slices = Slices.axial(30);
        slices.add(Slices.header("copy", X, Y, new Vec3(-20, -20, 0), 40, 1));
        assertThat(stack(slices).geometry().slices()).isEqualTo(30);
        assertThat(stack(slices).notes()).hasSize(1);
    }

    @Test
    void aGapInsideIsMissingSlices() {
        List<SliceHeader> slices = Slices.axial(30);
        slices.remove(14);
        assertThat(reason(slices)).isEqualTo(SliceStack.Reason.MISSING_SLICES);
    }

    @Test
    void unevenSpacingIsRefused() {
        List<SliceHeader> slices = new ArrayList<>();
        for (int k = 0; k < 30; k++) {
            slices.add(Slices.header("9." + k, X, Y, new Vec3(0, 0, k * (1 + 0.02 * k)), 40, 1));
        }
        assertThat(reason(slices)).isEqualTo(SliceStack.Reason.UNEVEN_SPACING);
    }

    @Test
    void spacingIsTakenWithinOnePercent() {
        List<SliceHeader> slices = new ArrayList<>();
        Random random = new Random(3);
        for (int k = 0; k < 30; k++) {
            double jitter = 0.008 * (random.nextDouble() - 0.5) * 5;
            slices.add(Slices.header("9." + k, X, Y, new Vec3(0, 0, 5 * k + jitter), 40, 1));
        }
        assertThat(stack(slices).geometry().spacingMm(2)).isCloseTo(5, within(0.01));
    }

    @Test
    void severalVolumesInOneSeriesAreRefused() {
        List<SliceHeader> slices = Slices.axial(30);
        for (int k = 0; k < 30; k++) {
            slices.add(Slices.header("t" + k, X, Y, new Vec3(-20, -20, -10 + k), 40, 1));
        }
        assertThat(reason(slices)).isEqualTo(SliceStack.Reason.SEVERAL_VOLUMES);
    }

    @Test
    void shiftedSlicesAreRefused() {
        List<SliceHeader> slices = Slices.axial(20);
        slices.set(9, Slices.header("9.9", X, Y, new Vec3(-17, -20, -1), 40, 1));
        assertThat(reason(slices)).isEqualTo(SliceStack.Reason.SHIFTED_SLICES);
    }

    @Test
    void tooFewSlicesNoSlicesAndOtherModalitiesAreRefused() {
        assertThat(reason(Slices.axial(7))).isEqualTo(SliceStack.Reason.TOO_FEW_SLICES);
        assertThat(reason(List.of())).isEqualTo(SliceStack.Reason.NO_IMAGES);
        SliceHeader h = Slices.axial(1).getFirst();
        assertThat(reason(List.of(changed(h, "MR", h.imageType()))))
                .isEqualTo(SliceStack.Reason.NOT_CT);
        assertThat(reason(List.of(changed(h, "CT", List.of("ORIGINAL", "PRIMARY", "LOCALIZER")))))
                .isEqualTo(SliceStack.Reason.ONLY_LOCALIZERS);
    }

    private static SliceHeader changed(SliceHeader h, String modality, List<String> imageType) {
        return new SliceHeader(
                h.sopInstanceUid(),
                h.frame(),
                h.seriesUid(),
                h.frameOfReferenceUid(),
                modality,
                imageType,
                h.rows(),
                h.columns(),
                h.placement(),
                h.rescaleSlope(),
                h.rescaleIntercept(),
                h.source());
    }
}
