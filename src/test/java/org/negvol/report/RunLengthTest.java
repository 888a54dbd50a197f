package org.negvol.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.RleEncoder;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.volume.VolumeGeometry;

/** Objects as they are sent to a destination that asks for run lengths, decoded by DCMTK. */
class RunLengthTest {

    private static final VolumeGeometry GRID = ExampleResults.axial(211, 107, 40, 0.8, 1.5);

    @ParameterizedTest
    @CsvSource({
        "both joints, objects=seg&segmentation=fractional",
        "both joints, objects=seg&segmentation=label-map",
        "both joints, objects=sc",
        "refusal, objects=sc"
    })
    void dcmtkFindsTheSamePixels(String which, String options, @TempDir Path folder)
            throws IOException {
        StudyResult result =
                which.equals("refusal") ? ExampleResults.refusal(GRID) : ExampleResults.both(GRID);
        ReportOptions asked = ReportOptions.parse(options + "&rle=yes");
        ResultObject object = ResultObjects.of(result, asked).getFirst();
        assertThat(asked.offers(object.kind()).getFirst())
                .containsExactly(TransferSyntax.RLE_LOSSLESS);
        Path encoded = folder.resolve("rle.dcm");
        Attributes rle = RleEncoder.encode(object.dataset());
        try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(encoded))) {
            out.writeFile(FileMeta.of(rle, TransferSyntax.RLE_LOSSLESS), rle);
        }
        byte[] pixels = object.dataset().getBytes(Tag.PixelData);
        assertThat(Files.size(encoded)).isLessThan(pixels.length / 2);
        Path decoded = folder.resolve("native.dcm");
        Peer.Answer answer = Peer.program("dcmdrle").ask(encoded, decoded);
        assertThat(answer.exitStatus()).as(answer.text()).isZero();
        assertThat(ResultFiles.read(decoded).getBytes(Tag.PixelData)).isEqualTo(pixels);
    }

    @Test
    void bitsAreNotOfferedInRunLengths() {
        ReportOptions asked = ReportOptions.parse("rle=yes&deflate=yes");
        assertThat(asked.offers(ResultObject.Kind.SEGMENTATION))
                .startsWith(List.of(TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN));
        assertThat(ReportOptions.DEFAULT.offers(ResultObject.Kind.SEGMENTATION))
                .containsExactly(
                        List.of(
                                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN));
        Attributes bits = ResultObjects.of(ExampleResults.both(GRID)).getFirst().dataset();
        assertThatThrownBy(() -> RleEncoder.encode(bits))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
