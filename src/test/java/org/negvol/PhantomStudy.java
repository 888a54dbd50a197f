package org.negvol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
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
        Attributes image;
        try (DicomInputStream in =
                new DicomInputStream(Files.newInputStream(files.get(files.size() / 2)))) {
            image = in.readDataset();
        }
        image.setString(Tag.ImageType, VR.CS, "ORIGINAL", "PRIMARY", "LOCALIZER")
                .setString(Tag.StudyInstanceUID, VR.UI, uid + ".1")
                .setString(Tag.SeriesInstanceUID, VR.UI, uid + ".1.1")
                .setString(Tag.SOPInstanceUID, VR.UI, uid + ".1.1.1")
                .setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage);
        Path file = Files.createDirectories(folder).resolve("localizer.dcm");
        try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(file))) {
            out.writeFile(FileMeta.of(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), image);
        }
        return of(List.of(file));
    }

    private static PhantomStudy of(List<Path> files) {
        Attributes header = RealScans.header(files.getFirst());
        return new PhantomStudy(
                files,
                header.getString(Tag.StudyInstanceUID, ""),
                header.getString(Tag.PatientName, ""));
    }
}
