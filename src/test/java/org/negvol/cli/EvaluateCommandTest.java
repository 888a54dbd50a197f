package org.negvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.segmentation.JointLocation.Why;
import org.negvol.segmentation.SegmentationModels;
import org.negvol.volume.Side;

class EvaluateCommandTest {

    @Test
    void everyGoalStandsBesideWhatWasReached(@TempDir Path folder) throws IOException {
        StringWriter said = new StringWriter();
        int code =
                NegvolCommand.commandLine()
                        .setOut(new PrintWriter(said))
                        .execute(
                                "evaluate",
                                "--out",
                                folder.toString(),
                                "--heads",
                                "1",
                                "--refusals",
                                "1",
                                "--seed",
                                "920003");
        assertThat(code).isIn(NegvolCommand.DONE, EvaluateCommand.MISSED);
        List<String> goals = Files.readAllLines(folder.resolve("goals.csv"));
        assertThat(goals)
                .anyMatch(
                        l ->
                                l.startsWith(
                                        "\"joints localised, %\",at least,99.0000,100.0000,met,2"))
                .anyMatch(l -> l.startsWith("\"joints made up\",at most,0.0000,0.0000,met,2"))
                .anyMatch(l -> l.matches("\"Dice of the condyle, voxels.*,0\\.9\\d+,met,2"));
        assertThat(said.toString()).contains("no_mandible").contains("{NO_MANDIBLE=2}");
        assertThat(Files.readAllLines(folder.resolve("evaluation.csv"))).hasSize(5);
        assertThat(folder.resolve("pictures").resolve("920003-joints.png")).isNotEmptyFile();
    }

    /** A ball in a socket on a shaft, which the network takes for a left joint. */
    @Test
    void aHipIsNoJoint() throws IOException {
        EvaluationCase hips = new EvaluationCase(940_026, EvaluationCase.Kind.HIPS);
        try (SegmentationModels models = SegmentationModels.load((Path) null)) {
            for (PhantomEvaluation.Row row :
                    new PhantomEvaluation(models, 1).evaluate(hips).rows()) {
                assertThat(row.rightReason()).as(row.csv()).isTrue();
            }
        }
    }

    @Test
    void anInventedJointIsCountedAsSuch() throws IOException {
        // A bottle of water shows no head; asked for as a joint it would be a joint that is missed.
        EvaluationCase water = new EvaluationCase(1, EvaluationCase.Kind.WATER);
        try (SegmentationModels models = SegmentationModels.load((Path) null)) {
            PhantomEvaluation.Row row =
                    new PhantomEvaluation(models, 1).evaluate(water).rows().getFirst();
            assertThat(row.refusal()).isEqualTo(Why.NO_HEAD.name());
            assertThat(row.rightReason()).isTrue();
            assertThat(row.invented()).isFalse();
            PhantomEvaluation.Row made =
                    new PhantomEvaluation.Row(
                            water,
                            Side.LEFT,
                            "",
                            2,
                            true,
                            "",
                            0,
                            0,
                            0,
                            0,
                            SurfaceDistances.NONE,
                            SurfaceDistances.NONE,
                            1,
                            1,
                            "");
            assertThat(made.invented()).isTrue();
            assertThat(made.rightReason()).isFalse();
        }
    }
}
