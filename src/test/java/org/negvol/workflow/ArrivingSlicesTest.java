package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.node.InstanceStored;
import org.negvol.volume.CtImageFile;
import org.negvol.volume.CtSeries;
import org.negvol.volume.ScalarVolume;
import org.negvol.volume.SliceHeader;
import org.negvol.volume.SliceReader;
import org.negvol.volume.SliceStack;
import org.negvol.volume.Vec3;
import org.negvol.volume.VoiReader;
import org.negvol.volume.VolumeGeometry;

class ArrivingSlicesTest {

    private static final int SIZE = 40;
    private static final double PIXEL_MM = 0.5;
    private static final double OVERVIEW_MM = 2;

    /** A slice of 40 × 40 makes 10 × 10 values of two bytes. */
    private static final int BYTES_OF_ONE = 200;

    /** It cannot be read, so nothing is kept of it; once it was tried, all others are done. */
    private static final String LAST = "99";

    private final BlockingQueue<String> read = new LinkedBlockingQueue<>();

    /** Files whose reads are written down. */
    private final SliceReader files =
            slice -> {
                read.add(slice.source());
                if (slice.source().equals(LAST)) {
                    throw new IOException("no such file");
                }
                int k = Integer.parseInt(slice.source());
                short[] hu = new short[SIZE * SIZE];
                for (int o = 0; o < hu.length; o++) {
                    hu[o] = (short) (31 * k + 7 * (o % SIZE) - 3 * (o / SIZE) + o * o % 11);
                }
                return hu;
            };

    private ArrivingSlices arriving = new ArrivingSlices(files, () -> OVERVIEW_MM, 0);

    @AfterEach
    void stop() throws InterruptedException {
        arriving.stop(null);
    }

    private void start(long mostBytes) {
        arriving = new ArrivingSlices(files, () -> OVERVIEW_MM, mostBytes);
        arriving.start(null);
    }

    private static Attributes image(int k, String sopClassUid) {
        return new Attributes()
                .setString(Tag.SOPClassUID, VR.UI, sopClassUid)
                .setString(Tag.SOPInstanceUID, VR.UI, "2.25." + (k + 1))
                .setString(Tag.SeriesInstanceUID, VR.UI, "2.25.1000")
                .setString(Tag.FrameOfReferenceUID, VR.UI, "2.25.1001")
                .setString(Tag.Modality, VR.CS, "CT")
                .setInt(Tag.Rows, VR.US, SIZE)
                .setInt(Tag.Columns, VR.US, SIZE)
                .setDouble(Tag.PixelSpacing, VR.DS, PIXEL_MM, PIXEL_MM)
                .setDouble(Tag.ImageOrientationPatient, VR.DS, 1, 0, 0, 0, 1, 0)
                .setDouble(Tag.ImagePositionPatient, VR.DS, 0, 0, k);
    }

    private List<SliceHeader> arrive(int count) throws InterruptedException {
        List<SliceHeader> slices = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Attributes header = image(k, UID.CTImageStorage);
            arriving.stored(new InstanceStored(header, String.valueOf(k)));
            slices.add(CtImageFile.header(header, String.valueOf(k)));
        }
        arriving.stored(new InstanceStored(image(99, UID.CTImageStorage), LAST));
        for (int k = 0; k < count; k++) {
            assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(String.valueOf(k));
        }
        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo(LAST);
        return slices;
    }

    private static ScalarVolume overview(List<SliceHeader> slices, SliceReader reader)
            throws IOException {
        SliceStack.Stack stack = (SliceStack.Stack) SliceStack.of(slices);
        VolumeGeometry target =
                VolumeGeometry.axisAligned(10, 10, 6, OVERVIEW_MM, new Vec3(0.7, 0.8, 0.4));
        return VoiReader.read(new CtSeries(stack, reader), target);
    }

    @Test
    void theOverviewIsTheSameAndNeedsNoFileAgain() throws Exception {
        start(1 << 20);
        List<SliceHeader> slices = arrive(12);

        ScalarVolume early = overview(slices, arriving.reader());

        assertThat(read).isEmpty();
        assertThat(early.values()).isEqualTo(overview(slices, files).values());
    }

    @Test
    void whatDoesNotFitTheMemoryIsReadFromTheFiles() throws Exception {
        start(5 * BYTES_OF_ONE);
        List<SliceHeader> slices = arrive(12);

        ScalarVolume early = overview(slices, arriving.reader());

        assertThat(read).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6");
        assertThat(early.values()).isEqualTo(overview(slices, files).values());
    }

    @Test
    void aSecondAttemptReadsTheFiles() throws Exception {
        start(1 << 20);
        List<SliceHeader> slices = arrive(12);
        ScalarVolume first = overview(slices, arriving.reader());

        ScalarVolume second = overview(slices, arriving.reader());

        assertThat(second.values()).isEqualTo(first.values());
        assertThat(read).hasSize(12);
    }

    @Test
    void otherObjectsAndPixelsOfTheOverviewsSizeAreLeftAlone() throws Exception {
        start(1 << 20);
        arriving.stored(new InstanceStored(image(7, UID.SegmentationStorage), "7"));
        Attributes coarse =
                image(8, UID.CTImageStorage).setDouble(Tag.PixelSpacing, VR.DS, 1.5, 1.5);
        arriving.stored(new InstanceStored(coarse, "8"));
        Attributes nowhere = image(9, UID.CTImageStorage);
        nowhere.remove(Tag.PixelSpacing);
        arriving.stored(new InstanceStored(nowhere, "9"));
        // They come in turn: once this one is read, the others were looked at.
        arriving.stored(new InstanceStored(image(1, UID.CTImageStorage), "1"));

        assertThat(read.poll(20, TimeUnit.SECONDS)).isEqualTo("1");
    }
}
