package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.segmentation.NetworkView;
import org.negvol.segmentation.SegmentedJoint;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.Side;

/** The page that shows every stage of the method. */
class ExplanationTest {

    private static NetworkView view(SegmentedJoint joint) {
        int n = joint.owner().length;
        float[] owner = new float[n];
        float[] condyle = new float[n];
        float[] temporal = new float[n];
        for (int o = 0; o < n; o++) {
            owner[o] = joint.owner()[o];
            condyle[o] = joint.owner()[o] == SegmentedJoint.CONDYLE ? 0.9f : 0;
            temporal[o] = joint.owner()[o] == SegmentedJoint.TEMPORAL_BONE ? 0.9f : 0;
        }
        return new NetworkView(
                joint.hu(),
                new ScalarVolume(joint.hu().geometry(), owner),
                new ScalarVolume(joint.hu().geometry(), condyle),
                new ScalarVolume(joint.hu().geometry(), temporal));
    }

    @Test
    void everyStageOfBothJointsIsAPictureOnThePageWithACaptionAndNoPatient(@TempDir Path folder)
            throws IOException {
        StudyResult result = ExampleResults.both(ExampleResults.axial(211, 107, 40, 0.8, 1.5));
        Map<Side, NetworkView> views = new EnumMap<>(Side.class);
        result.joints().forEach(j -> views.put(j.side(), view(j.segmented())));
        Explanation.write(folder, result, views);
        String page = Files.readString(folder.resolve(Explanation.PAGE));
        Matcher shown = Pattern.compile("<img src=\"([^\"]+)\"").matcher(page);
        int pictures = 0;
        while (shown.find()) {
            BufferedImage image = ImageIO.read(folder.resolve(shown.group(1)).toFile());
            assertThat(colours(image)).as(shown.group(1)).isGreaterThan(100);
            pictures++;
        }
        assertThat(pictures).isBetween(13, 15);
        assertThat(page.split("<figcaption>", -1)).hasSize(pictures + 1);
        assertThat(page)
                .contains("left-3-neck.png", "right-5-inflation.png", "symmetry.png", "mm³")
                .doesNotContain("NaN", result.source().firstImage().getString(0x00100010, "?"));
    }

    @Test
    void aJointThatWasNotMeasuredHasItsReasonInstead(@TempDir Path folder) throws IOException {
        StudyResult result = ExampleResults.refusal(ExampleResults.axial(211, 107, 40, 0.8, 1.5));
        Explanation.write(folder, result, Map.of());
        assertThat(Files.readString(folder.resolve(Explanation.PAGE)))
                .contains(result.flags().getFirst().sentence())
                .doesNotContain("<img");
    }

    private static long colours(BufferedImage image) {
        return Arrays.stream(
                        image.getRGB(
                                0,
                                0,
                                image.getWidth(),
                                image.getHeight(),
                                null,
                                0,
                                image.getWidth()))
                .distinct()
                .count();
    }
}
