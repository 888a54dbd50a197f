package org.negvol.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.negvol.surface.JointSurfaceResult;
import org.negvol.surface.NeckCut;
import org.negvol.surface.NegativeVolumeParameters;

/** The pages for clinicians and engineers name what the code has, with its units and defaults. */
class DocumentationTest {

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("src", "main", "doc", name));
    }

    @Test
    void everyMeasureIsDefinedWithItsUnit() throws IOException {
        String page = page("measures.md");
        for (Measure m : Measure.values()) {
            assertThat(page.lines())
                    .as("%s", m)
                    .anyMatch(
                            l ->
                                    l.startsWith("| ")
                                            && l.contains("`" + m + "`")
                                            && l.contains("| " + m.ucum() + " |"));
        }
    }

    @Test
    void everyFlagOfAJointIsExplained() throws IOException {
        String page = page("measures.md");
        // The others are the study's: there is no joint to measure then.
        for (QualityFlag.Reason r :
                new QualityFlag.Reason[] {
                    QualityFlag.Reason.BONE_CONTACT,
                    QualityFlag.Reason.REACH_LIMIT,
                    QualityFlag.Reason.JOINT_CUT_BY_FIELD_OF_VIEW,
                    QualityFlag.Reason.FIELD_OF_VIEW_SHORT_NECK,
                    QualityFlag.Reason.OPEN_MOUTH,
                    QualityFlag.Reason.COARSE_RESOLUTION,
                    QualityFlag.Reason.LOW_CONFIDENCE,
                    QualityFlag.Reason.NOT_MEASURABLE
                }) {
            assertThat(page).contains("`" + r + "`");
        }
    }

    @Test
    void everyParameterIsDefinedWithUnitAndDefault() throws IOException {
        String page = page("method.md");
        for (NegativeVolumeParameters.Parameter p : NegativeVolumeParameters.DEFAULT.numbers()) {
            assertThat(page)
                    .contains("| `%s` | %s | %s |".formatted(p.name(), p.ucum(), p.value()));
        }
        assertThat(page)
                .contains(
                        "| `neckCut` | – | `" + NegativeVolumeParameters.DEFAULT.neckCut() + "` |")
                .contains("DEFINITION = " + NegativeVolumeParameters.DEFINITION);
        Arrays.stream(NeckCut.values()).forEach(c -> assertThat(page).contains("`" + c));
        Arrays.stream(JointSurfaceResult.Reason.values())
                .forEach(r -> assertThat(page).contains("`" + r));
    }
}
