package org.negvol.phantom;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.volume.Side;
import org.negvol.volume.Vec3;
import org.negvol.volume.VolumeGeometry;

/**
 * Writes a phantom as a CT Image Storage series (PS3.3 A.3), one file a slice, explicit VR little
 * endian.
 *
 * <p>Everything in the files follows from the parameters and the grid, the UIDs too: writing twice
 * gives the same bytes.
 */
public final class PhantomWriter {

    private final HeadPhantom phantom;
    private final VolumeGeometry grid;
    private final String scan;

    private PhantomWriter(HeadPhantom phantom, VolumeGeometry grid, ScanArtefacts artefacts) {
        this.phantom = phantom;
        this.grid = grid;
        String clean = phantom.parameters() + "|" + grid;
        scan = artefacts.equals(ScanArtefacts.NONE) ? clean : clean + "|" + artefacts;
    }

    /**
     * Writes the files {@code IM0000.dcm}, {@code IM0001.dcm}, … from the feet upwards.
     *
     * @param grid where the voxels lie; its slices become the images
     * @param folder made if it is not there
     * @param threads how many threads may render, at least 1
     * @return the files written, in the order of the slices
     * @throws IOException if a file cannot be written
     */
    public static List<Path> write(
            HeadPhantom phantom, VolumeGeometry grid, Path folder, int threads) throws IOException {
        return write(phantom, grid, ScanArtefacts.NONE, folder, threads);
    }

    /**
     * Writes the same, scanned by a scanner that is not perfect.
     *
     * @param artefacts what goes wrong in it
     * @see #write(HeadPhantom, VolumeGeometry, Path, int)
     */
    public static List<Path> write(
            HeadPhantom phantom,
            VolumeGeometry grid,
            ScanArtefacts artefacts,
            Path folder,
            int threads)
            throws IOException {
        Files.createDirectories(folder);
        PhantomWriter writer = new PhantomWriter(phantom, grid, artefacts);
        List<Path> files = new ArrayList<>();
        try {
            phantom.render(
                    grid,
                    threads,
                    artefacts.before(
                            grid,
                            (k, hu, labels) -> {
                                Path file = folder.resolve("IM%04d.dcm".formatted(k));
                                try {
                                    writer.writeSlice(file, k, hu);
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                                files.add(file);
                            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return files;
    }

    /**
     * Writes what is known of both joints as JSON: centres and tops of the condyles (LPS mm) and
     * the five joint spaces (mm) by the names of the field.
     *
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if this head has no mandible
     */
    public static void writeTruth(HeadPhantom phantom, Path file) throws IOException {
        List<String> sides = new ArrayList<>();
        for (Side side : Side.values()) {
            JointTruth t = phantom.truth(side);
            sides.add(
                    String.format(
                            Locale.ROOT,
                            "  \"%s\": {\"centre\": %s, \"top\": %s, \"AJS\": %.3f, \"SJS\": %.3f,"
                                    + " \"PJS\": %.3f, \"MJS\": %.3f, \"LJS\": %.3f}",
                            side,
                            json(t.centre()),
                            json(t.top()),
                            t.anterior().mm(),
                            t.superior().mm(),
                            t.posterior().mm(),
                            t.medial().mm(),
                            t.lateral().mm()));
        }
        Files.writeString(file, "{\n" + String.join(",\n", sides) + "\n}\n");
    }

    private static String json(Vec3 p) {
        return String.format(Locale.ROOT, "[%.3f, %.3f, %.3f]", p.x(), p.y(), p.z());
    }

    private void writeSlice(Path file, int k, short[] hu) throws IOException {
        Attributes image = dataset(k, hu);
        try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(file))) {
            out.writeFile(FileMeta.of(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), image);
        }
    }

    private Attributes dataset(int k, short[] hu) {
        Vec3 row = grid.indexToPatient().step(0).normalised();
        Vec3 column = grid.indexToPatient().step(1).normalised();
        Vec3 normal = row.cross(column);
        Vec3 position = grid.toPatient(0, 0, k);
        double distance = Math.abs(grid.indexToPatient().step(2).dot(normal));
        double tilt = Math.toDegrees(Math.atan2(column.z(), column.y()));
        long seed = phantom.parameters().seed();
        Attributes image = new Attributes();
        image.setString(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 100");
        image.setString(Tag.ImageType, VR.CS, "ORIGINAL", "PRIMARY", "AXIAL");
        image.setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage);
        image.setString(Tag.SOPInstanceUID, VR.UI, uid("instance " + k));
        image.setString(Tag.StudyDate, VR.DA, "20260101");
        image.setString(Tag.SeriesDate, VR.DA, "20260101");
        image.setString(Tag.AcquisitionDate, VR.DA, "20260101");
        image.setString(Tag.ContentDate, VR.DA, "20260101");
        image.setString(Tag.StudyTime, VR.TM, "120000");
        image.setString(Tag.SeriesTime, VR.TM, "120000");
        image.setString(Tag.AcquisitionTime, VR.TM, "120000");
        image.setString(Tag.ContentTime, VR.TM, "120000");
        image.setString(Tag.AccessionNumber, VR.SH, "");
        image.setString(Tag.Modality, VR.CS, "CT");
        image.setString(Tag.Manufacturer, VR.LO, "negvol");
        image.setString(Tag.ReferringPhysicianName, VR.PN, "");
        image.setString(Tag.StudyDescription, VR.LO, "Phantom head");
        image.setString(Tag.SeriesDescription, VR.LO, "Phantom, bone, seed " + seed);
        image.setString(Tag.ManufacturerModelName, VR.LO, "HeadPhantom");
        image.setString(Tag.PatientName, VR.PN, "PHANTOM^SEED" + seed);
        image.setString(Tag.PatientID, VR.LO, "PHANTOM-" + seed);
        image.setString(Tag.PatientBirthDate, VR.DA, "");
        image.setString(Tag.PatientSex, VR.CS, "O");
        image.setString(Tag.BodyPartExamined, VR.CS, "HEAD");
        image.setString(Tag.SliceThickness, VR.DS, number(distance));
        image.setString(Tag.KVP, VR.DS, "120");
        image.setString(Tag.SoftwareVersions, VR.LO, "1");
        image.setString(Tag.GantryDetectorTilt, VR.DS, number(tilt));
        image.setString(Tag.ConvolutionKernel, VR.SH, "BONE");
        image.setString(Tag.PatientPosition, VR.CS, "HFS");
        image.setString(Tag.StudyInstanceUID, VR.UI, uid("study"));
        image.setString(Tag.SeriesInstanceUID, VR.UI, uid("series"));
        image.setString(Tag.StudyID, VR.SH, Long.toString(Math.floorMod(seed, 1_000_000_000L)));
        image.setString(Tag.SeriesNumber, VR.IS, "1");
        image.setString(Tag.AcquisitionNumber, VR.IS, "1");
        image.setString(Tag.InstanceNumber, VR.IS, Integer.toString(k + 1));
        image.setString(
                Tag.ImagePositionPatient, VR.DS, numbers(position.x(), position.y(), position.z()));
        image.setString(
                Tag.ImageOrientationPatient,
                VR.DS,
                numbers(row.x(), row.y(), row.z(), column.x(), column.y(), column.z()));
        image.setString(Tag.FrameOfReferenceUID, VR.UI, uid("frame of reference"));
        image.setString(Tag.PositionReferenceIndicator, VR.LO, "");
        image.setString(Tag.SliceLocation, VR.DS, number(position.dot(normal)));
        image.setInt(Tag.SamplesPerPixel, VR.US, 1);
        image.setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2");
        image.setInt(Tag.Rows, VR.US, grid.rows());
        image.setInt(Tag.Columns, VR.US, grid.columns());
        image.setString(Tag.PixelSpacing, VR.DS, numbers(grid.spacingMm(1), grid.spacingMm(0)));
        image.setInt(Tag.BitsAllocated, VR.US, 16);
        image.setInt(Tag.BitsStored, VR.US, 12);
        image.setInt(Tag.HighBit, VR.US, 11);
        image.setInt(Tag.PixelRepresentation, VR.US, 0);
        image.setString(Tag.BurnedInAnnotation, VR.CS, "NO");
        image.setString(Tag.WindowCenter, VR.DS, "500");
        image.setString(Tag.WindowWidth, VR.DS, "2500");
        image.setString(Tag.RescaleIntercept, VR.DS, "-1024");
        image.setString(Tag.RescaleSlope, VR.DS, "1");
        image.setString(Tag.RescaleType, VR.LO, "HU");
        image.setBytes(Tag.PixelData, VR.OW, pixels(hu));
        return image;
    }

    /** Stored values, little endian. */
    private static byte[] pixels(short[] hu) {
        byte[] pixels = new byte[2 * hu.length];
        for (int i = 0; i < hu.length; i++) {
            int stored = hu[i] + 1024;
            pixels[2 * i] = (byte) stored;
            pixels[2 * i + 1] = (byte) (stored >>> 8);
        }
        return pixels;
    }

    /** A UID from the scan and a role. */
    private String uid(String role) {
        return UIDUtils.createNameBasedUID(scan, role);
    }

    private static String[] numbers(double... values) {
        return Arrays.stream(values).mapToObj(PhantomWriter::number).toArray(String[]::new);
    }

    /** A decimal string of at most 16 characters (PS3.5 6.2). */
    private static String number(double value) {
        BigDecimal d =
                new BigDecimal(value, new MathContext(10)).setScale(7, RoundingMode.HALF_EVEN);
        return d.signum() == 0 ? "0" : d.stripTrailingZeros().toPlainString();
    }
}
