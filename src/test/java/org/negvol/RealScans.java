package org.negvol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;

/**
 * The real scans that lie beside the checkout in {@code shared/real}, never in it. A test that asks
 * for one is skipped where the folder is absent.
 */
public final class RealScans {

    private RealScans() {}

    /** A folder of scans: {@code head-toshiba}, {@code head-fused}, {@code skull-phantom}. */
    public static Path folder(String name) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path folder = up.resolve("shared").resolve("real").resolve(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        return Assumptions.abort(
                "no real scans: shared/real/" + name + " is not beside the project");
    }

    /** All DICOM files of a folder, sorted by their paths. */
    public static List<Path> files(String name) {
        try (Stream<Path> all = Files.walk(folder(name))) {
            return all.filter(Files::isRegularFile).filter(RealScans::isDicom).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The DICOM files of a folder by Series Instance UID. */
    public static Map<String, List<Path>> series(String name) {
        Map<String, List<Path>> series = new LinkedHashMap<>();
        for (Path file : files(name)) {
            String uid = header(file).getString(Tag.SeriesInstanceUID, "");
            series.computeIfAbsent(uid, u -> new ArrayList<>()).add(file);
        }
        return series;
    }

    /** The files of the one series whose Series Description is this. */
    public static List<Path> seriesDescribed(String name, String description) {
        List<Path> files =
                files(name).stream()
                        .filter(
                                f ->
                                        header(f)
                                                .getString(Tag.SeriesDescription, "")
                                                .equals(description))
                        .toList();
        if (files.isEmpty()) {
            throw new IllegalArgumentException("no series '" + description + "' in " + name);
        }
        return files;
    }

    /** The attributes of a file without its pixels. */
    public static Attributes header(Path file) {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            return in.readDatasetUntil(Tag.PixelData);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SOP Instance UID of a file. */
    public static String uid(Path file) {
        return header(file).getString(Tag.SOPInstanceUID, "");
    }

    private static boolean isDicom(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(132);
            return start.length == 132
                    && start[128] == 'D'
                    && start[129] == 'I'
                    && start[130] == 'C'
                    && start[131] == 'M';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
