package org.negvol.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.Peers;
import org.negvol.RealScans;

/** Pixels come out as DCMTK and GDCM say, sample by sample. */
class PixelDecoderTest {

    @TempDir Path folder;

    @ParameterizedTest(name = "{0}, {2} bits, signed {3}, {4} frames")
    @CsvSource({
        "dcmconv  +ti,            dcmconv,  16, true,  1, 1.2.840.10008.1.2",
        "dcmconv  +tb,            dcmconv,  16, true,  2, 1.2.840.10008.1.2.2",
        "dcmconv  +td,            dcmconv,  12, false, 1, 1.2.840.10008.1.2.1.99",
        "dcmcrle,                 dcmdrle,  16, true,  3, 1.2.840.10008.1.2.5",
        "dcmcrle,                 dcmdrle,   8, true,  2, 1.2.840.10008.1.2.5",
        "dcmcjpeg +e1,            dcmdjpeg, 16, true,  1, 1.2.840.10008.1.2.4.70",
        "dcmcjpeg +e1 +fs 1,      dcmdjpeg, 16, true,  3, 1.2.840.10008.1.2.4.70",
        "dcmcjpeg +e1 +fs 1 -ot,  dcmdjpeg, 16, true,  3, 1.2.840.10008.1.2.4.70",
        "dcmcjpeg +e1,            dcmdjpeg, 16, false, 1, 1.2.840.10008.1.2.4.70",
        "dcmcjpeg +e1,            dcmdjpeg, 12, true,  1, 1.2.840.10008.1.2.4.70",
        "dcmcjpeg +e1,            dcmdjpeg,  8, false, 1, 1.2.840.10008.1.2.4.70",
        "dcmcjpeg +el +sv 2,      dcmdjpeg, 16, true,  1, 1.2.840.10008.1.2.4.57",
        "dcmcjpeg +el +sv 3,      dcmdjpeg, 16, false, 1, 1.2.840.10008.1.2.4.57",
        "dcmcjpeg +el +sv 4,      dcmdjpeg, 12, true,  1, 1.2.840.10008.1.2.4.57",
        "dcmcjpeg +el +sv 5,      dcmdjpeg, 12, false, 1, 1.2.840.10008.1.2.4.57",
        "dcmcjpeg +el +sv 6,      dcmdjpeg, 12, false, 1, 1.2.840.10008.1.2.4.57",
        "dcmcjpeg +el +sv 7,      dcmdjpeg, 12, true,  1, 1.2.840.10008.1.2.4.57",
        "dcmcjpeg +eb +q 30,      dcmdjpeg,  8, false, 2, 1.2.840.10008.1.2.4.50",
        "dcmcjpeg +ee +q 30,      dcmdjpeg, 12, false, 1, 1.2.840.10008.1.2.4.51",
        "dcmcjpls +el,            dcmdjpls, 16, true,  1, 1.2.840.10008.1.2.4.80",
        "dcmcjpls +el,            dcmdjpls, 16, false, 3, 1.2.840.10008.1.2.4.80",
        "dcmcjpls +el,            dcmdjpls,  8, false, 1, 1.2.840.10008.1.2.4.80",
        "dcmcjpls +en +md 1,      dcmdjpls, 12, false, 1, 1.2.840.10008.1.2.4.81",
        "dcmcjpls +en +md 7,      dcmdjpls,  8, false, 1, 1.2.840.10008.1.2.4.81",
        "gdcmconv --j2k,          gdcmconv, 16, true,  1, 1.2.840.10008.1.2.4.90",
        "gdcmconv --j2k,          gdcmconv, 12, true,  1, 1.2.840.10008.1.2.4.90",
        "gdcmconv --j2k,          gdcmconv,  8, false, 1, 1.2.840.10008.1.2.4.90",
        "gdcmconv --jpegls,       gdcmconv, 16, true,  1, 1.2.840.10008.1.2.4.80",
        "gdcmconv --rle,          gdcmconv, 16, true,  1, 1.2.840.10008.1.2.5",
        "gdcmconv --jpeg,         gdcmconv, 16, true,  1, 1.2.840.10008.1.2.4.70",
        "gdcmconv --jpeg,         gdcmconv, 12, false, 1, 1.2.840.10008.1.2.4.70",
    })
    void samplesAreThosePeersDecode(
            String encoder, String decoder, int bits, boolean signed, int frames, String syntax)
            throws IOException {
        Peers.assumeInstalled(encoder.split(" ", 2)[0], decoder);
        Attributes image = SampleImages.image(bits, signed, frames, 1);
        Path plain = SampleImages.write(image, folder.resolve("plain"));
        Path encoded = convert(encoder, plain, folder.resolve("encoded"));
        Path decoded =
                convert(
                        decoder
                                + (decoder.equals("dcmconv")
                                        ? " +te"
                                        : decoder.equals("gdcmconv") ? " --raw --explicit" : ""),
                        encoded,
                        folder.resolve("decoded"));
        requireSame(encoded, decoded, frames, syntax);
    }

    private static Path convert(String command, Path from, Path to) {
        List<Object> all = new ArrayList<>(List.of(command.split(" +", -1)));
        all.add(from);
        all.add(to);
        Peers.run(all.toArray());
        return to;
    }

    private static void requireSame(Path encoded, Path decoded, int frames, String syntax)
            throws IOException {
        Attributes truth = SampleImages.read(decoded);
        try (DicomInputStream in =
                new DicomInputStream(java.nio.file.Files.newInputStream(encoded))) {
            Attributes image = in.readDataset();
            assertThat(in.getTransferSyntax().uid()).isEqualTo(syntax);
            for (int f = 0; f < frames; f++) {
                PixelFrame frame = PixelDecoder.decode(image, in.getTransferSyntax(), f);
                assertThat(frame.values())
                        .as("%s, frame %d", encoded, f)
                        .isEqualTo(SampleImages.nativeSamples(truth, f));
                assertThat(frame.isSigned())
                        .isEqualTo(truth.getInt(Tag.PixelRepresentation, 0) == 1);
            }
        }
    }

    @Test
    void irreversibleJpeg2000DiffersFromGdcmByRoundingOnly() throws IOException {
        Peers.assumeInstalled("gdcmconv");
        Attributes image = SampleImages.image(12, false, 1, 1);
        Path plain = SampleImages.write(image, folder.resolve("plain"));
        Path lossy =
                convert(
                        "gdcmconv --j2k --lossy --irreversible -r 8",
                        plain,
                        folder.resolve("lossy"));
        Path decoded = convert("gdcmconv --raw --explicit", lossy, folder.resolve("decoded"));
        short[] truth = SampleImages.nativeSamples(SampleImages.read(decoded), 0);
        short[] ours = PixelDecoder.decode(lossy).values();
        for (int i = 0; i < truth.length; i++) {
            // GDCM leaves values standing that are beyond the bits stored.
            int there = Math.min(truth[i], 4095);
            assertThat(Math.abs(ours[i] - there)).as("sample %d", i).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void everyTenthSliceOfTheRealHeadIsDecodedAsDcmtkDoes() throws IOException {
        Peers.assumeInstalled("dcmdjpeg");
        List<Path> files = RealScans.files("head-toshiba");
        int compressed = 0;
        for (int i = 0; i < files.size(); i += 10) {
            Path decoded = convert("dcmdjpeg", files.get(i), folder.resolve("decoded"));
            requireSame(files.get(i), decoded, 1, UID.JPEGLosslessSV1);
            compressed++;
        }
        assertThat(compressed).isGreaterThan(15);
    }

    @Test
    void bitsBesideTheStoredOnesAreNoPartOfTheValue() throws IOException {
        Attributes image = SampleImages.image(12, true, 1, 2);
        short[] truth = SampleImages.nativeSamples(image, 0);
        // Twelve bits in the middle of sixteen, overlays (retired, but written) around them.
        byte[] bytes = image.getBytes(Tag.PixelData);
        for (int i = 0; i < truth.length; i++) {
            int packed = ((truth[i] & 0xFFF) << 2) | 0x8001;
            bytes[2 * i] = (byte) packed;
            bytes[2 * i + 1] = (byte) (packed >> 8);
        }
        image.setInt(Tag.HighBit, VR.US, 13);
        assertThat(PixelDecoder.decode(image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN).values())
                .isEqualTo(truth);
    }

    @Test
    void aFrameThatIsNotThereIsSaidToBeMissing() {
        Attributes image = SampleImages.image(16, true, 2, 3);
        assertThatThrownBy(
                        () ->
                                PixelDecoder.decode(
                                        image, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
