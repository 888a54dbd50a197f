package org.negvol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;

/** What others say of negvol's objects. */
public final class Validators {

    private Validators() {}

    /**
     * dicom3tools' dciodvfy finds no error in any of the files; nothing is said where it is not.
     */
    public static void assertValid(Collection<Path> files)
            throws IOException, InterruptedException {
        if (!Peers.isInstalled("dciodvfy")) {
            return;
        }
        for (Path file : files) {
            Process process =
                    new ProcessBuilder("dciodvfy", file.toString())
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            assertThat(said.lines().filter(l -> l.startsWith("Error"))).as("%s", file).isEmpty();
        }
    }

    /** Code Value of Image Library (DCM, PS3.16 TID 1600): what the images say of themselves. */
    private static final String IMAGE_LIBRARY = "111028";

    /** The value types (PS3.3 C.17.3.2.1) of all content items outside the image library. */
    static List<String> valueTypes(Attributes report) {
        return report.getSequence(Tag.ContentSequence).stream()
                .filter(
                        item ->
                                item.getSequence(Tag.ConceptNameCodeSequence).stream()
                                        .noneMatch(
                                                c ->
                                                        c.getString(Tag.CodeValue, "")
                                                                .equals(IMAGE_LIBRARY)))
                .flatMap(
                        item ->
                                Stream.concat(
                                        Stream.of(item.getString(Tag.ValueType, "")),
                                        valueTypes(item).stream()))
                .toList();
    }

    /** All text of a report's content items. */
    static List<String> texts(Attributes report) {
        return report.getSequence(Tag.ContentSequence).stream()
                .flatMap(
                        item ->
                                Stream.concat(
                                        item.containsValue(Tag.TextValue)
                                                ? Stream.of(item.getString(Tag.TextValue, ""))
                                                : Stream.of(),
                                        texts(item).stream()))
                .toList();
    }
}
