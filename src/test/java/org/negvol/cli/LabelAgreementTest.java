package org.negvol.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.volume.Affine;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/** A ball under a flat roof, drawn as circles and a straight line. */
class LabelAgreementTest {

    private static final double RADIUS_MM = 6;
    private static final double ROOF_MM = 8;
    private static final Affine STILL = Affine.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
    private static final Affine MIRROR = Affine.of(-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);

    @TempDir private Path folder;

    /** Circles of a ball round x = 10 mm, down to 3 mm below its centre. */
    private static List<String> drawn(double radiusMm) {
        List<String> lines = new ArrayList<>(List.of("# a ball", "# series 1.2.3"));
        for (String side : List.of("LEFT", "RIGHT")) {
            for (double z = -3; z < radiusMm; z += 0.25) {
                double r = Math.sqrt(radiusMm * radiusMm - z * z);
                StringBuilder line = new StringBuilder(side + " condyle z=" + z + ": ");
                for (int c = 0; c < 60; c++) {
                    double t = Math.PI * c / 30;
                    line.append(c == 0 ? "" : "; ");
                    line.append(point(10 + r * Math.cos(t), r * Math.sin(t)));
                }
                lines.add(line.toString());
            }
            lines.add(side + " temporal-bone x=10: -5 8; 0 8; 5 8");
        }
        return lines;
    }

    private static String point(double u, double v) {
        return String.format(Locale.ROOT, "%.3f %.3f", u, v);
    }

    private HandLabels labels(List<String> lines) throws IOException {
        return HandLabels.read(Files.write(folder.resolve("labels.txt"), lines));
    }

    private static LabelAgreement agreement(HandLabels labels, Affine moved) {
        Vec3 centre = moved.apply(10, 0, 0);
        VolumeGeometry g =
                VolumeGeometry.axisAligned(50, 50, 50, 0.4, centre.minus(new Vec3(10, 10, 10)));
        ScalarVolume ball = field(g, p -> p.distanceTo(centre) - RADIUS_MM);
        ScalarVolume roof = field(g, p -> ROOF_MM - p.z());
        byte[] owner = new byte[ball.values().length];
        for (int o = 0; o < owner.length; o++) {
            owner[o] = ball.values()[o] < 0 ? SegmentedJoint.CONDYLE : SegmentedJoint.BACKGROUND;
        }
        SegmentedJoint joint = new SegmentedJoint(Side.LEFT, ball, owner, ball, roof, 1, 1);
        HandLabels.Joint label = Objects.requireNonNull(labels.joints().get(Side.LEFT));
        return LabelAgreement.of(joint, label, label.condyle().on(g, moved.inverse()), moved);
    }

    private static ScalarVolume field(VolumeGeometry g, ToDoubleFunction<Vec3> mm) {
        float[] values = new float[(int) g.voxelCount()];
        for (int k = 0, o = 0; k < g.slices(); k++) {
            for (int j = 0; j < g.rows(); j++) {
                for (int i = 0; i < g.columns(); i++, o++) {
                    values[o] = (float) mm.applyAsDouble(g.toPatient(i, j, k));
                }
            }
        }
        return new ScalarVolume(g, values);
    }

    @Test
    void aBallAgreesWithItsOwnCirclesAlsoInTheMirror() throws IOException {
        HandLabels labels = labels(drawn(RADIUS_MM));
        assertThat(labels.seriesUids()).containsExactly("1.2.3");
        for (Affine moved : List.of(STILL, MIRROR)) {
            LabelAgreement a = agreement(labels, moved);
            assertThat(a.dice()).isGreaterThan(0.985);
            assertThat(a.condyle().mean()).isLessThan(0.04);
            assertThat(a.condyle().p95()).isLessThan(0.12);
            assertThat(a.temporal().mean()).isLessThan(0.001);
        }
    }

    /** A ball that is half a millimetre too large has 6.5³ / 6³ of the volume. */
    @Test
    void whatIsTooLargeByHalfAMillimetreIsSeenToBe() throws IOException {
        LabelAgreement a = agreement(labels(drawn(RADIUS_MM - 0.5)), STILL);
        assertThat(a.outwardsMm()).isCloseTo(0.5, within(0.05));
        assertThat(a.condyle().mean()).isCloseTo(0.5, within(0.05));
        assertThat(a.dice()).isBetween(0.84, 0.91);
    }

    @Test
    void aFileThatSaysSomethingElseIsRefusedWithItsLine() throws IOException {
        List<String> lines = drawn(RADIUS_MM);
        lines.set(3, "LEFT condyle z=1: 2 3; 4");
        assertRefused(lines, "Line 4 of");
        lines.set(3, "LEFT coronoid z=1: 2 3; 4 5; 6 7");
        assertRefused(lines, "Line 4 of");
        assertRefused(
                drawn(RADIUS_MM).stream().filter(l -> !l.startsWith("RIGHT condyle")).toList(),
                "lacks the right condyle");
        assertRefused(
                drawn(RADIUS_MM).stream().filter(l -> !l.contains("series")).toList(),
                "which series");
    }

    private void assertRefused(List<String> lines, String why) {
        assertThatThrownBy(() -> labels(lines))
                .isInstanceOf(CommandProblem.class)
                .hasMessageContaining(why);
    }
}
