package org.negvol.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.negvol.RealScans;
import org.negvol.cli.HeadEvaluation.Change;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.CtImageFile;

/** The real head, never trained on, against joints that were drawn in it by hand. */
class RealHeadLabelsTest {

    private static HandLabels labels(String name) {
        try {
            return HandLabels.read(
                    Path.of(
                            Objects.requireNonNull(
                                            RealHeadLabelsTest.class.getResource("/labels/" + name))
                                    .toURI()));
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static HeadEvaluation head(
            SegmentationModels models, String folder, @Nullable HandLabels labels) {
        return HeadEvaluation.of(
                models,
                SeriesFolder.best(RealScans.folder(folder)),
                CtImageFile.files(),
                labels,
                1);
    }

    @Test
    void bothCondylesOfTheFineSeriesAreWhereTheyWereDrawn() throws IOException {
        try (SegmentationModels models = SegmentationModels.load((Path) null)) {
            HeadEvaluation head = head(models, "head-fused", labels("head-fused.txt"));
            List<HeadEvaluation.Row> rows = head.evaluate(Change.NONE).rows();
            assertThat(rows).hasSize(2);
            for (HeadEvaluation.Row row : rows) {
                LabelAgreement a = row.agreement();
                assertThat(a).as(row.csv()).isNotNull();
                assertThat(a.dice()).isGreaterThan(0.97);
                assertThat(a.condyle().mean()).isLessThan(0.15);
                assertThat(a.condyle().p95()).isLessThan(0.5);
                assertThat(a.outwardsMm()).isBetween(-0.1, 0.1);
                assertThat(a.temporal().mean()).isLessThan(0.2);
                assertThat(a.temporal().p95()).isLessThan(0.5);
            }
        }
    }

    @Test
    void labelsOfAnotherHeadAreRefused() throws IOException {
        try (SegmentationModels models = SegmentationModels.load((Path) null)) {
            HandLabels labels = labels("head-fused.txt");
            assertThatThrownBy(() -> head(models, "skull-phantom/bone-1mm", labels))
                    .isInstanceOf(CommandProblem.class)
                    .hasMessageContaining("The labels are not of series");
        }
    }
}
