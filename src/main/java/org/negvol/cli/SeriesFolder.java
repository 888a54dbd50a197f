package org.negvol.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.Tag;
import org.negvol.volume.EnhancedCt;
import org.negvol.volume.SliceHeader;
import org.negvol.workflow.CtImage;
import org.negvol.workflow.SeriesChoice;

/**
 * The DICOM files below a folder, by series.
 *
 * @param series the images of each series, in the order of their files
 * @param otherFiles how many files are no DICOM images
 */
record SeriesFolder(List<List<CtImage>> series, int otherFiles) {

    /**
     * Reads the headers of all files below a folder; files that are not DICOM images are counted.
     *
     * @throws CommandProblem if there is no such folder, it cannot be read, or holds no image
     */
    static SeriesFolder read(Path folder) {
        List<Path> files = files(folder);
        Map<String, List<CtImage>> series = new TreeMap<>();
        int others = 0;
        for (Path file : files) {
            List<CtImage> images = images(file);
            if (images.isEmpty()) {
                others++;
            } else {
                SliceHeader slice = images.getFirst().slice();
                String key = slice.seriesUid() + "|" + slice.frameOfReferenceUid();
                series.computeIfAbsent(key, k -> new ArrayList<>()).addAll(images);
            }
        }
        if (series.isEmpty()) {
            throw new CommandProblem(
                    files.isEmpty()
                            ? "The folder %s is empty; name a folder with the DICOM files of a CT series."
                                    .formatted(folder)
                            : "None of the %d files in %s is a DICOM image; name a folder with a CT series."
                                    .formatted(files.size(), folder));
        }
        return new SeriesFolder(List.copyOf(series.values()), others);
    }

    /** The images of the series below a folder that is best to measure in. */
    static List<CtImage> best(Path folder) {
        return SeriesChoice.ranked(
                        read(folder).series().stream().map(SeriesChoice.Candidate::of).toList())
                .getFirst()
                .images();
    }

    /** All regular files below a folder, sorted by their paths. */
    static List<Path> files(Path folder) {
        if (!Files.exists(folder)) {
            throw new CommandProblem("There is no folder %s.".formatted(folder));
        }
        if (!Files.isDirectory(folder)) {
            throw new CommandProblem(
                    "%s is a file; name the folder that holds the series.".formatted(folder));
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw unreadable(folder, CommandProblem.reason(e), e);
        } catch (UncheckedIOException e) {
            // The walk meets a folder below that may not be entered.
            throw unreadable(folder, String.valueOf(e.getMessage()), e);
        }
    }

    private static CommandProblem unreadable(Path folder, String reason, Exception cause) {
        return new CommandProblem(
                "The folder %s cannot be read: %s.".formatted(folder, reason), cause);
    }

    /** The images in a file; several if it has frames, none if it holds no image. */
    private static List<CtImage> images(Path file) {
        try (DicomInputStream in =
                new DicomInputStream(
                        new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            Attributes header =
                    in.limitHeldBytes(EnhancedCt.MOST_HELD_BYTES).readDatasetUntil(Tag.PixelData);
            boolean image =
                    header.containsValue(Tag.SOPClassUID)
                            && header.containsValue(Tag.SOPInstanceUID)
                            && header.containsValue(Tag.StudyInstanceUID)
                            && header.containsValue(Tag.SeriesInstanceUID)
                            && header.containsValue(Tag.Rows);
            return image ? CtImage.all(header, file.toString()) : List.of();
        } catch (IOException e) {
            // Notes, pictures, DICOMDIRs without data: a folder from a disc is full of them.
            return List.of();
        }
    }

    /** What a series is, in words. */
    static String describe(List<CtImage> images) {
        Attributes a = images.getFirst().header();
        String description = a.getString(Tag.SeriesDescription, "").strip();
        String number = a.getString(Tag.SeriesNumber, "").strip();
        return "%s%s%s (%d image%s)"
                .formatted(
                        a.getString(Tag.Modality, "?"),
                        number.isEmpty() ? "" : " series " + number,
                        description.isEmpty() ? "" : ", " + description,
                        images.size(),
                        images.size() == 1 ? "" : "s");
    }
}
