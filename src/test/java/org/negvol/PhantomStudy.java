package org.negvol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.VR;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.PhantomWriter;

/**
 * A phantom head whose slices are thick enough for it to be made and processed in seconds.
 *
 * @param files one a slice
 * @param uid Study Instance UID
 * @param patientName as it stands in every slice
 */
public record PhantomStudy(List<Path> files, String uid, String patientName) {

    private static final double PIXEL_MM = 0.8;
    private static final double SLICE_MM = 1;

    /** Writes the demonstration's head. */
    public static PhantomStudy write(Path folder) {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        try {
            List<Path> files =
                    PhantomWriter.write(
                            phantom,
                            PhantomScan.axial(
                                    phantom, PhantomScan.FieldOfView.JOINTS, PIXEL_MM, SLICE_MM, 0),
                            folder,
                            2);
            return of(files);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of its slices as a localizer image of a study of its own. */
    public PhantomStudy localizer(Path folder) throws IOException {
        return localizer(folder, 1);
    }

    /**
     * One of its slices as a localizer image of a study of its own.
     *
     * @param number tells several of them apart
     */
    public PhantomStudy localizer(Path folder, int number) throws IOException {
        return renamed(
                List.of(files.get(files.size() / 2)),
                folder,
                number,
                image -> image.setString(Tag.ImageType, VR.CS, "ORIGINAL", "PRIMARY", "LOCALIZER"));
    }

    /**
     * The same head as a study of its own.
     *
     * @param number tells several of them apart
     */
    public PhantomStudy copy(Path folder, int number) throws IOException {
        return renamed(files, folder, number, image -> {});
    }

    /**
     * One of its slices as a study of its own whose series is that of another one.
     *
     * @param number tells several of them apart
     */
    public PhantomStudy straying(Path folder, int number, PhantomStudy into) throws IOException {
        return renamed(
                List.of(files.get(files.size() / 2)),
                folder,
                number,
                image -> image.setString(Tag.SeriesInstanceUID, VR.UI, into.uid + ".1"));
    }

    private PhantomStudy renamed(
            List<Path> slices, Path folder, int number, Consumer<Attributes> change)
            throws IOException {
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        for (Path slice : slices) {
            Attributes image;
            try (DicomInputStream in = new DicomInputStream(Files.newInputStream(slice))) {
                image = in.readDataset();
            }
            String study = uid + "." + number;
            image.setString(Tag.StudyInstanceUID, VR.UI, study)
                    .setString(Tag.SeriesInstanceUID, VR.UI, study + ".1")
                    .setString(Tag.SOPInstanceUID, VR.UI, study + ".1." + (written.size() + 1));
            change.accept(image);
            Path file = folder.resolve("%04d.dcm".formatted(written.size() + 1));
            try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(file))) {
                out.writeFile(FileMeta.of(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), image);
            }
            written.add(file);
        }
        return of(List.copyOf(written));
    }

    private static PhantomStudy of(List<Path> files) {
        Attributes header = RealScans.header(files.getFirst());
        return new PhantomStudy(
                files,
                header.getString(Tag.StudyInstanceUID, ""),
                header.getString(Tag.PatientName, ""));
    }
}
