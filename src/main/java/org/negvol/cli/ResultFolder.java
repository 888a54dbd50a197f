package org.negvol.cli;

import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.TransferSyntax;
import org.negvol.report.ResultObject;
import org.negvol.report.ResultObjects;
import org.negvol.report.ResultPicture;
import org.negvol.report.StudyResult;
import org.negvol.volume.CtSeries;
import org.negvol.workflow.StepTimes;

/** Writes all that is known of a result into a folder. */
final class ResultFolder {

    static final String PICTURE = "result.png";
    static final String JSON = "result.json";

    private ResultFolder() {}

    /**
     * Writes the DICOM objects, the picture and {@code result.json}; files of the same names are
     * replaced.
     *
     * @param scan the series, for the picture of a refusal; null leaves its planes out
     * @return the files written
     */
    static List<Path> write(
            StudyResult result, StepTimes times, @Nullable CtSeries scan, Path folder) {
        try {
            Files.createDirectories(folder);
            List<Path> files = new ArrayList<>();
            for (ResultObject object : ResultObjects.of(result)) {
                Path file = folder.resolve(name(object));
                writeDicom(object, file);
                files.add(file);
            }
            Path picture = folder.resolve(PICTURE);
            writePicture(result, scan, picture);
            files.add(picture);
            Path json = folder.resolve(JSON);
            ResultJson.write(
                    result,
                    times,
                    files.stream().map(f -> String.valueOf(f.getFileName())).toList(),
                    json);
            files.add(json);
            return files;
        } catch (IOException e) {
            throw new CommandProblem(
                    "The result cannot be written to %s: %s."
                            .formatted(folder, CommandProblem.reason(e)),
                    e);
        }
    }

    static void writePicture(StudyResult result, @Nullable CtSeries scan, Path file)
            throws IOException {
        BufferedImage picture = ResultPicture.render(result, scan);
        if (!ImageIO.write(picture, "png", file.toFile())) {
            throw new IOException("this Java cannot write PNG");
        }
    }

    private static void writeDicom(ResultObject object, Path file) throws IOException {
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        try (DicomOutputStream out =
                new DicomOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
            out.writeFile(FileMeta.of(object.dataset(), syntax), object.dataset());
        }
    }

    private static String name(ResultObject object) {
        return object.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-') + ".dcm";
    }
}
