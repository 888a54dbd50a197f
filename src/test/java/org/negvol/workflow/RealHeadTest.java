package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.negvol.RealScans;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Measure;
import org.negvol.report.JointResult;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.Side;

/** The whole way on a real head. Nobody knows its true spaces; what is held here is said below. */
class RealHeadTest {

    @Test
    void theJointsOfARealHeadKeepTheSpacesOnWhichItsSeriesAgree() throws IOException {
        List<CtImage> images = new ArrayList<>();
        for (Path file : RealScans.files("head-fused")) {
            images.add(CtImage.of(RealScans.header(file), file.toString()));
        }
        StudyResult result;
        try (SegmentationModels models = SegmentationModels.load((Path) null)) {
            result =
                    new StudyPipeline(BoneFinder.of(models))
                            .process(images, CtImageFile.files(), StepListener.NONE);
        }
        assertThat(result.joints()).hasSize(2);
        for (JointResult joint : result.joints()) {
            JointMeasures m = joint.measures();
            boolean left = joint.side() == Side.LEFT;
            // What negvol gave when every site was looked at in sections along and across the long
            // axis; the sagittal and coronal series of the same head agree with it within 0.4 mm.
            near(m, Measure.ANTERIOR_JOINT_SPACE, left ? 1.2 : 1.7);
            near(m, Measure.SUPERIOR_JOINT_SPACE, left ? 2.8 : 2.1);
            near(m, Measure.POSTERIOR_JOINT_SPACE, left ? 3.7 : 2.2);
            near(m, Measure.MEDIAL_JOINT_SPACE, left ? 2.7 : 2.4);
            assertThat(m.value(Measure.CONDYLE_WIDTH).orElseThrow()).isBetween(19.0, 23.0);
            assertThat(m.value(Measure.CONDYLE_DEPTH).orElseThrow()).isBetween(7.5, 11.0);
            assertThat(m.value(Measure.CONDYLE_HEIGHT).orElseThrow()).isBetween(4.5, 7.0);
        }
    }

    private static void near(JointMeasures m, Measure measure, double mm) {
        assertThat(m.value(measure).orElseThrow(() -> new AssertionError(m.flags())))
                .as("%s", measure)
                .isCloseTo(mm, within(0.5));
    }
}
