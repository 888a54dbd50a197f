package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The document against the code. */
class ResultsDocumentTest {

    private static final Path DOCUMENT = Path.of("src/main/doc/results.md");

    @Test
    void everyPrivateCodeIsDefined() throws IOException {
        assertThat(
                        Files.readAllLines(DOCUMENT).stream()
                                .dropWhile(l -> !l.startsWith("## Private codes"))
                                .filter(l -> l.startsWith("| `")))
                .containsExactlyElementsOf(
                        Arrays.stream(PrivateCode.values())
                                .map(
                                        c ->
                                                "| `%s` | %s | %s |"
                                                        .formatted(
                                                                c.code().value(),
                                                                c.code().meaning(),
                                                                c.definition()))
                                .toList());
    }

    @Test
    void everyObjectHasARowWithItsClassModalityAndFile() throws IOException {
        String document = Files.readString(DOCUMENT);
        for (ReportOptions.Content content : ReportOptions.Content.values()) {
            assertThat(document).contains("(`" + content.word() + "`)");
        }
        for (ResultObject.Kind kind : ResultObject.Kind.values()) {
            String uid = kind.sopClassUid();
            assertThat(document)
                    .contains("`" + kind.fileStem() + ".dcm`")
                    .contains(uid.substring(uid.indexOf(".1.1.") + 5))
                    .contains(kind.modality() + ", ");
        }
        assertThat(document).contains(ResultWords.INTENDED_USE);
    }
}
