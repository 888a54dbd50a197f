package org.negvol.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;

/** Rows of an image are the same ones whether the whole image is read or a part of it. */
class CtImageFileTest {

    private static final long SEED = 31;
    private static final int ROWS = 37;
    private static final int COLUMNS = 23;

    private static Attributes image(int allocated, int stored, int signed, boolean padding) {
        Random random = new Random(SEED);
        byte[] pixels = new byte[ROWS * COLUMNS * allocated / 8];
        random.nextBytes(pixels);
        Attributes a = new Attributes();
        a.setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage);
        a.setString(Tag.SOPInstanceUID, VR.UI, "1.2.3");
        a.setInt(Tag.SamplesPerPixel, VR.US, 1);
        a.setInt(Tag.Rows, VR.US, ROWS);
        a.setInt(Tag.Columns, VR.US, COLUMNS);
        a.setInt(Tag.BitsAllocated, VR.US, allocated);
        a.setInt(Tag.BitsStored, VR.US, stored);
        a.setInt(Tag.HighBit, VR.US, stored - 1);
        a.setInt(Tag.PixelRepresentation, VR.US, signed);
        if (padding) {
            a.setInt(Tag.PixelPaddingValue, signed == 1 ? VR.SS : VR.US, 100);
            a.setInt(Tag.PixelPaddingRangeLimit, signed == 1 ? VR.SS : VR.US, 600);
        }
        a.setString(Tag.RescaleIntercept, VR.DS, "-1024");
        a.setString(Tag.RescaleSlope, VR.DS, padding ? "1.5" : "1");
        a.setBytes(Tag.PixelData, VR.OW, pixels);
        return a;
    }

    private static byte[] file(Attributes image, String syntax) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeFile(FileMeta.of(UID.CTImageStorage, "1.2.3", syntax), image);
        }
        return bytes.toByteArray();
    }

    private static SliceHeader slice() {
        return new SliceHeader(
                "1.2.3", 0, "1.2", "1.4", "CT", List.of(), ROWS, COLUMNS, null, 1, 0, "x");
    }

    @ParameterizedTest
    @CsvSource({
        "16, 16, 1, false, 1.2.840.10008.1.2.1",
        "16, 16, 0, false, 1.2.840.10008.1.2",
        "16, 12, 0, false, 1.2.840.10008.1.2.1",
        "16, 12, 1, true, 1.2.840.10008.1.2.1",
        "16, 16, 1, true, 1.2.840.10008.1.2.1.99",
        "16, 14, 0, true, 1.2.840.10008.1.2.2",
        "8, 8, 0, false, 1.2.840.10008.1.2.1"
    })
    void aPartIsWhatTheWholeHoldsThere(
            int allocated, int stored, int signed, boolean padding, String syntax)
            throws IOException {
        byte[] file = file(image(allocated, stored, signed, padding), syntax);
        SliceReader reader = CtImageFile.reader(source -> new ByteArrayInputStream(file));
        short[] whole = reader.readHu(slice());
        for (int[] part : new int[][] {{0, ROWS}, {5, 6}, {3, 36}, {20, ROWS}}) {
            short[] got = new short[ROWS * COLUMNS];
            int[] rows = {part[0]};
            reader.readRows(
                    slice(),
                    part[0],
                    part[1],
                    (row, hu, offset) -> {
                        assertThat(row).isEqualTo(rows[0]++);
                        System.arraycopy(hu, offset, got, row * COLUMNS, COLUMNS);
                    });
            assertThat(rows[0]).isEqualTo(part[1]);
            for (int o = part[0] * COLUMNS; o < part[1] * COLUMNS; o++) {
                assertThat(got[o]).as("pixel %d", o).isEqualTo(whole[o]);
            }
        }
    }

    @Test
    void anImageThatEndsTooEarlyIsAnErrorAndNoDarkness() throws IOException {
        byte[] file = file(image(16, 16, 1, false), UID.ExplicitVRLittleEndian);
        byte[] cut = java.util.Arrays.copyOf(file, file.length - 300);
        SliceReader reader = CtImageFile.reader(source -> new ByteArrayInputStream(cut));
        assertThatThrownBy(() -> reader.readRows(slice(), 10, ROWS, (row, hu, offset) -> {}))
                .isInstanceOf(IOException.class);
    }
}
