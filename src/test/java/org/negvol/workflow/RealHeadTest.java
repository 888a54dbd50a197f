package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.RealScans;
import org.negvol.Validators;
import org.negvol.measure.JointMeasures;
import org.negvol.measure.Measure;
import org.negvol.report.JointResult;
import org.negvol.report.ReportOptions;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObjects;
import org.negvol.report.StudyResult;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.Side;

/** The whole way on a real head. Nobody knows its true spaces; what is held here is said below. */
class RealHeadTest {

    @Test
    void theJointsOfARealHeadKeepTheSpacesOnWhichItsSeriesAgree() throws IOException {
        StudyResult result = fused();
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

    /** Slices of 3 mm blur the neck so much that a cut along it may be smaller than one across. */
    @Test
    void theNeckIsCutAtTheSamePlaceInASeriesOfThickSlices() throws IOException {
        StudyResult fused = fused();
        StudyResult sagittal = sagittal();
        for (Side side : Side.values()) {
            assertThat(condyleVolume(sagittal, side))
                    .as("%s condyle above the cut, mm³", side)
                    .isCloseTo(condyleVolume(fused, side), withinPercentage(5));
        }
    }

    /** Every kind of object and every way to write voxels that the validator knows. */
    @Test
    void validatorFindsNoErrorInAnyObject(@TempDir Path folder)
            throws IOException, InterruptedException {
        for (StudyResult result : List.of(fused(), sagittal())) {
            for (String options :
                    List.of(
                            "objects=seg+surface+sr+stl+sc+pdf+ko",
                            "objects=seg&segmentation=fractional")) {
                List<Path> files = new ArrayList<>();
                for (ResultObject object : ResultObjects.of(result, ReportOptions.parse(options))) {
                    Path file = folder.resolve(object.fileName());
                    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                        object.writeTo(out);
                    }
                    files.add(file);
                }
                assertThat(files).isNotEmpty();
                Validators.assertValid(files);
            }
        }
    }

    private static @Nullable StudyResult fused;
    private static @Nullable StudyResult sagittal;

    /** Processed once. */
    private static StudyResult fused() throws IOException {
        if (fused == null) {
            fused = process(RealScans.files("head-fused"));
        }
        return fused;
    }

    /** Processed once. */
    private static StudyResult sagittal() throws IOException {
        if (sagittal == null) {
            sagittal =
                    process(
                            RealScans.seriesDescribed(
                                    "head-toshiba", "Sagittal Brain/Sagittal Head 3.0"));
        }
        return sagittal;
    }

    private static double condyleVolume(StudyResult result, Side side) {
        return result.joint(side)
                .orElseThrow(() -> new AssertionError(result.outcome()))
                .measures()
                .value(Measure.CONDYLE_VOLUME)
                .orElseThrow();
    }

    private static StudyResult process(List<Path> files) throws IOException {
        List<CtImage> images = new ArrayList<>();
        for (Path file : files) {
            images.add(CtImage.of(RealScans.header(file), file.toString()));
        }
        try (SegmentationModels models = SegmentationModels.load((Path) null)) {
            return new StudyPipeline(BoneFinder.of(models))
                    .process(images, CtImageFile.files(), StepListener.NONE);
        }
    }

    private static void near(JointMeasures m, Measure measure, double mm) {
        assertThat(m.value(measure).orElseThrow(() -> new AssertionError(m.flags())))
                .as("%s", measure)
                .isCloseTo(mm, within(0.5));
    }
}
