package org.negvol.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;

/**
 * The slices of a series, sent as a study that no node has seen.
 *
 * @param studyInstanceUid its new UID
 * @param firstSentNanos {@link System#nanoTime} when the first slice went out
 * @param lastAnsweredNanos … and when the last one was acknowledged
 */
record NewStudy(String studyInstanceUid, long firstSentNanos, long lastAnsweredNanos) {

    /**
     * Sends it over one association and releases that.
     *
     * @param files uncompressed CT images
     * @param calledAet the node's AE title
     * @param megabytesPerSecond how fast at most; 0 for as fast as it can
     * @throws IOException if a file cannot be read, or the node refuses one
     */
    static NewStudy send(List<Path> files, int port, String calledAet, double megabytesPerSecond)
            throws IOException, InterruptedException {
        String study = UIDUtils.createUID();
        AssociateOptions options =
                AssociateOptions.to("127.0.0.1", port, calledAet, "BENCHSCU")
                        .propose(UID.CTImageStorage, UID.ExplicitVRLittleEndian);
        try (Association association = Association.open(options)) {
            long first = System.nanoTime();
            double bytes = 0;
            for (Path file : files) {
                store(association, renamed(file, study));
                bytes += Files.size(file);
                if (megabytesPerSecond > 0) {
                    double due = bytes / megabytesPerSecond * 1e3;
                    Thread.sleep(Math.max(0, (long) (first + due - System.nanoTime()) / 1_000_000));
                }
            }
            return new NewStudy(study, first, System.nanoTime());
        }
    }

    private static Attributes renamed(Path file, String study) throws IOException {
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            Attributes image = in.readDataset();
            if (in.getTransferSyntax().encapsulated()) {
                throw new CommandProblem(
                        "%s is compressed; the bench sends uncompressed images only."
                                .formatted(file));
            }
            return image.setString(Tag.StudyInstanceUID, VR.UI, study)
                    .setString(
                            Tag.SeriesInstanceUID,
                            VR.UI,
                            UIDUtils.createNameBasedUID(study, "series"))
                    .setString(
                            Tag.FrameOfReferenceUID,
                            VR.UI,
                            UIDUtils.createNameBasedUID(study, "frame"))
                    .setString(Tag.SOPInstanceUID, VR.UI, UIDUtils.createUID());
        }
    }

    private static void store(Association association, Attributes image) throws IOException {
        DimseStatus status =
                association.store(
                        UID.CTImageStorage,
                        image.getString(Tag.SOPInstanceUID, ""),
                        UID.ExplicitVRLittleEndian,
                        out -> {
                            DicomOutputStream to = new DicomOutputStream(out);
                            to.writeDataset(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
                            to.flush();
                        });
        if (!status.isSuccess()) {
            throw new IOException("an image was refused with status " + status);
        }
    }
}
