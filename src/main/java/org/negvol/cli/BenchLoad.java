package org.negvol.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;
import org.negvol.dimse.DimseStatus;
import org.negvol.dimse.OperationsWindow;

/**
 * What {@code negvol bench receive} sends: CT images of one size, each an instance of its own, from
 * memory, so that the sender is never what is measured.
 */
final class BenchLoad {

    private static final String CT = UID.CTImageStorage;
    private static final String SYNTAX = UID.ExplicitVRLittleEndian;

    private final int size;
    private final byte[] pixelElement;

    /**
     * @param size rows and columns
     */
    BenchLoad(int size) {
        this.size = size;
        // Noise on ten bits, as CT images have: receivers that compress find nothing to gain.
        byte[] pixels = new byte[2 * size * size];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < pixels.length; i += 2) {
            int v = random.nextInt(1024);
            pixels[i] = (byte) v;
            pixels[i + 1] = (byte) (v >> 8);
        }
        pixelElement = encoded(new Attributes().setBytes(Tag.PixelData, VR.OW, pixels));
    }

    /** Encoded length of one instance's pixels, bytes. */
    long bytes() {
        return pixelElement.length;
    }

    /** What is sent at a time: one series, a study of its own. */
    private record Series(String study, String series) {}

    private byte[] header(String instance, Series of, int number) {
        return encoded(
                new Attributes()
                        .setString(Tag.SOPClassUID, VR.UI, CT)
                        .setString(Tag.SOPInstanceUID, VR.UI, instance)
                        .setString(Tag.StudyDate, VR.DA, "20250101")
                        .setString(Tag.Modality, VR.CS, "CT")
                        .setString(Tag.PatientName, VR.PN, "Bench")
                        .setString(Tag.PatientID, VR.LO, "BENCH")
                        .setString(Tag.StudyInstanceUID, VR.UI, of.study)
                        .setString(Tag.SeriesInstanceUID, VR.UI, of.series)
                        .setInt(Tag.InstanceNumber, VR.IS, number)
                        .setInt(Tag.SamplesPerPixel, VR.US, 1)
                        .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                        .setInt(Tag.Rows, VR.US, size)
                        .setInt(Tag.Columns, VR.US, size)
                        .setInt(Tag.BitsAllocated, VR.US, 16)
                        .setInt(Tag.BitsStored, VR.US, 12)
                        .setInt(Tag.HighBit, VR.US, 11)
                        .setInt(Tag.PixelRepresentation, VR.US, 0));
    }

    private static byte[] encoded(Attributes attributes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeDataset(attributes, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Sends over several associations at a time.
     *
     * @return seconds from the first association request to the last release
     * @throws IOException if an association breaks or an instance is refused
     */
    double send(AssociateOptions to, int images, int associations) throws IOException {
        AssociateOptions options = to.propose(CT, SYNTAX);
        Series series = new Series(UIDUtils.createUID(), UIDUtils.createUID());
        List<Future<?>> senders = new ArrayList<>();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(associations)) {
            for (int a = 0; a < associations; a++) {
                int first = a;
                senders.add(
                        threads.submit(
                                () -> {
                                    sendSome(options, series, first, associations, images);
                                    return null;
                                }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void sendSome(AssociateOptions options, Series series, int first, int step, int images)
            throws IOException {
        try (Association association = Association.open(options)) {
            OperationsWindow.fill(
                    association,
                    (images - first + step - 1) / step,
                    n -> store(association, series, first + n * step));
        }
    }

    private void store(Association association, Series series, int index) throws IOException {
        String instance = UIDUtils.createUID();
        byte[] header = header(instance, series, index + 1);
        DimseStatus status =
                association.store(
                        CT,
                        instance,
                        SYNTAX,
                        out -> {
                            out.write(header);
                            out.write(pixelElement);
                        });
        if (!status.isSuccess()) {
            throw new IOException("an instance was refused with status " + status);
        }
    }

    /**
     * One C-ECHO over each of so many associations, one after the other.
     *
     * @return seconds
     */
    static double echo(AssociateOptions to, int count) throws IOException {
        AssociateOptions options = to.propose(UID.Verification, UID.ImplicitVRLittleEndian);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            try (Association association = Association.open(options)) {
                if (!association.echo().isSuccess()) {
                    throw new IOException("C-ECHO was refused");
                }
            }
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * Writes as many bytes to files, one after the other, and forces each to the disk once it is
     * whole; all in one file is what {@code dd conv=fsync} does.
     *
     * @param folder made and removed
     * @param images how many in all
     * @param together how many in a file
     * @return seconds
     */
    double writeFiles(Path folder, int images, int together) throws IOException {
        ByteBuffer pixels = ByteBuffer.wrap(pixelElement);
        Files.createDirectory(folder);
        List<Path> files = new ArrayList<>();
        long start = System.nanoTime();
        for (int written = 0; written < images; written += together) {
            Path file = folder.resolve(Integer.toString(written));
            files.add(file);
            try (FileChannel channel =
                    FileChannel.open(
                            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                for (int i = 0; i < Math.min(together, images - written); i++) {
                    pixels.clear();
                    while (pixels.hasRemaining()) {
                        channel.write(pixels);
                    }
                }
                channel.force(false);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        for (Path file : files) {
            Files.delete(file);
        }
        Files.delete(folder);
        return seconds;
    }
}
