package org.negvol.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class IntensityTest {

    private static ScalarVolume head(double slope, double shift) {
        Random random = new Random(11);
        float[] v = new float[40 * 40 * 40];
        for (int i = 0; i < v.length; i++) {
            double tissue = i % 10 < 4 ? -1000 : i % 10 < 8 ? 40 : i % 10 == 8 ? -90 : 900;
            v[i] = (float) (slope * (tissue + 25 * random.nextGaussian()) + shift);
        }
        return new ScalarVolume(VolumeGeometry.axisAligned(40, 40, 40, 2, Vec3.ZERO), v);
    }

    @Test
    void ctIsLeftUntouched() {
        ScalarVolume ct = head(1, 0);
        assertThat(Intensity.of(ct)).isEqualTo(Intensity.IDENTITY);
        assertThat(Intensity.IDENTITY.apply(ct)).isSameAs(ct);
    }

    @Test
    void shiftedAndScaledConeBeamValuesBecomeHu() {
        Intensity map = Intensity.of(head(0.7, 400));
        for (double hu : new double[] {-1000, 40, 900}) {
            double grey = 0.7 * hu + 400;
            assertThat(map.slope() * grey + map.intercept()).isCloseTo(hu, within(60.0));
        }
    }

    @Test
    void aScanOfOneSubstanceIsLeftUntouched() {
        float[] v = new float[1000];
        java.util.Arrays.fill(v, 700);
        ScalarVolume flat =
                new ScalarVolume(VolumeGeometry.axisAligned(10, 10, 10, 1, Vec3.ZERO), v);
        assertThat(Intensity.of(flat)).isEqualTo(Intensity.IDENTITY);
    }
}
