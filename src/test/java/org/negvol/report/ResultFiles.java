package org.negvol.report;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;

/** Result objects as files, for peers to read. */
final class ResultFiles {

    private ResultFiles() {}

    static Map<ResultObject.Kind, Path> write(Path folder, StudyResult result) {
        return write(folder, result, ReportOptions.DEFAULT);
    }

    /** Writes the objects of a result; of a kind with several the last is in the map. */
    static Map<ResultObject.Kind, Path> write(
            Path folder, StudyResult result, ReportOptions options) {
        Map<ResultObject.Kind, Path> files = new EnumMap<>(ResultObject.Kind.class);
        try {
            Files.createDirectories(folder);
            for (ResultObject object : ResultObjects.of(result, options)) {
                Path file = folder.resolve(object.fileName());
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    object.writeTo(out);
                }
                files.put(object.kind(), file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Writes the first images of the source, black. */
    static List<Path> writeSource(Path folder, SourceSeries source, int images) {
        return source.images().stream()
                .limit(images)
                .map(image -> writeSource(folder, image))
                .toList();
    }

    private static Path writeSource(Path folder, SourceImage image) {
        Attributes ds = new Attributes(image.header());
        ds.setBytes(
                Tag.PixelData,
                VR.OW,
                new byte[2 * ds.getInt(Tag.Rows, 0) * ds.getInt(Tag.Columns, 0)]);
        return write(folder.resolve(image.sopInstanceUid() + ".dcm"), ds);
    }

    static Path write(Path file, Attributes ds) {
        try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(file))) {
            out.writeFile(FileMeta.of(ds, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), ds);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Attributes read(Path file) {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return in.readDataset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
