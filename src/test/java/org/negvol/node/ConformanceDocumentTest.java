package org.negvol.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.negvol.dicom.PixelDecoder;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dimse.PresentationPolicy;

/** The conformance statement says what the code does. */
class ConformanceDocumentTest {

    private static final Path DOCUMENT = Path.of("src/main/doc/conformance.md");

    /** Rows of tables whose second cell is a UID, by it: the rest of the row. */
    private static Map<String, String> rows() throws IOException {
        Pattern row = Pattern.compile("^\\|[^|]+\\| `([0-9.]+)` \\|(.*)\\|$");
        Map<String, String> rows = new TreeMap<>();
        for (String line : Files.readAllLines(DOCUMENT)) {
            Matcher m = row.matcher(line);
            if (m.matches()) {
                assertThat(rows.put(m.group(1), m.group(2).strip())).as(line).isNull();
            }
        }
        return rows;
    }

    private static boolean isTransferSyntax(String uid) {
        return (uid + ".").startsWith(UID.ImplicitVRLittleEndian + ".");
    }

    @Test
    void transferSyntaxesAreThoseOfStorage() throws IOException {
        Map<String, String> expected =
                Node.presentation().storageTransferSyntaxes().stream()
                        .collect(
                                Collectors.toMap(
                                        Function.identity(),
                                        uid ->
                                                PixelDecoder.isSupported(TransferSyntax.of(uid))
                                                        ? "yes"
                                                        : "no"));
        Map<String, String> documented = new TreeMap<>(rows());
        documented.keySet().removeIf(uid -> !isTransferSyntax(uid));
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void sopClassesAreThoseOfTheListener() throws IOException {
        Map<String, String> documented = new TreeMap<>(rows());
        documented.keySet().removeIf(ConformanceDocumentTest::isTransferSyntax);
        PresentationPolicy policy = Node.presentation();
        assertThat(documented.keySet()).isEqualTo(new TreeSet<>(policy.others().keySet()));
        assertThat(documented.values()).allMatch(roles -> roles.endsWith("| yes"));
    }
}
