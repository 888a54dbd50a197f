package org.negvol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.UIDUtils;
import org.negvol.dicom.VR;
import org.negvol.dimse.AssociateOptions;
import org.negvol.dimse.Association;

/**
 * Objects that are none, or not those that were announced: the node says what is wrong with each,
 * in its answer, its log and its metrics, and goes on over the same association.
 */
class BadObjectsIT {

    private static final String CT = UID.CTImageStorage;
    private static final String EXPLICIT = UID.ExplicitVRLittleEndian;
    private static final String DEFLATED = UID.DeflatedExplicitVRLittleEndian;

    @TempDir Path folder;

    private record Bad(
            String what, String instance, String syntax, byte[] dataset, String status) {}

    private static Bad bad(String what, String status, Change change) {
        String instance = UIDUtils.createUID();
        Attributes image = image(instance);
        change.make(image);
        return new Bad(what, instance, EXPLICIT, encoded(image), status);
    }

    private static Bad broken(String what, String syntax, byte[] dataset) {
        return new Bad(what, UIDUtils.createUID(), syntax, dataset, "C000");
    }

    private interface Change {
        void make(Attributes image);
    }

    private static Attributes image(String instance) {
        return new Attributes()
                .setString(Tag.SOPClassUID, VR.UI, CT)
                .setString(Tag.SOPInstanceUID, VR.UI, instance)
                .setString(Tag.StudyInstanceUID, VR.UI, "1.2.3.4")
                .setString(Tag.SeriesInstanceUID, VR.UI, "1.2.3.4.5")
                .setString(Tag.Modality, VR.CS, "CT")
                .setString(Tag.PatientName, VR.PN, "Nobody^Mentioned")
                .setInt(Tag.SamplesPerPixel, VR.US, 1)
                .setString(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                .setInt(Tag.Rows, VR.US, 4)
                .setInt(Tag.Columns, VR.US, 4)
                .setInt(Tag.BitsAllocated, VR.US, 16)
                .setInt(Tag.BitsStored, VR.US, 16)
                .setInt(Tag.HighBit, VR.US, 15)
                .setInt(Tag.PixelRepresentation, VR.US, 0)
                .setBytes(Tag.PixelData, VR.OW, new byte[32]);
    }

    private static byte[] encoded(Attributes dataset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes)) {
            out.writeDataset(dataset, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A sequence (0008,1110) whose items begin so often and never end, of undefined lengths. */
    private static byte[] nested(int depth) {
        ByteBuffer bytes = ByteBuffer.allocate(depth * 20).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < depth; i++) {
            bytes.putShort((short) 0x0008).putShort((short) 0x1110).put((byte) 'S').put((byte) 'Q');
            bytes.putShort((short) 0).putInt(-1);
            bytes.putShort((short) 0xFFFE).putShort((short) 0xE000).putInt(-1);
        }
        return bytes.array();
    }

    /** An item that claims to be much longer than what follows. */
    private static byte[] endlessItem() {
        byte[] bytes = nested(1);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(16, 0x7FFFFFF0);
        return bytes;
    }

    /** 64 MB of one value, deflated to some kilobytes. */
    private static byte[] deflateBomb() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
            ByteBuffer element = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
            element.putShort((short) 0x0008).putShort((short) 0x2111);
            element.put((byte) 'U').put((byte) 'T').putShort((short) 0).putInt(1 << 26);
            out.write(element.array());
            byte[] blanks = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(blanks);
            }
        }
        return Arrays.copyOf(bytes.toByteArray(), (bytes.size() + 1) & ~1);
    }

    private static List<Bad> all() throws IOException {
        return List.of(
                bad(
                        "another instance than announced",
                        "A900",
                        i -> i.setString(Tag.SOPInstanceUID, VR.UI, "1.2.3.9")),
                bad(
                        "another class than announced",
                        "A900",
                        i -> i.setString(Tag.SOPClassUID, VR.UI, UID.MRImageStorage)),
                bad("no SOP Instance UID", "C000", i -> i.remove(Tag.SOPInstanceUID)),
                bad("no Study Instance UID", "C000", i -> i.remove(Tag.StudyInstanceUID)),
                bad("no Series Instance UID", "C000", i -> i.remove(Tag.SeriesInstanceUID)),
                bad(
                        "a Study Instance UID that is a path",
                        "C000",
                        i -> i.setString(Tag.StudyInstanceUID, VR.UI, "../../../tmp/1.2")),
                bad(
                        "a Series Instance UID of 10 kB",
                        "C000",
                        i -> i.setString(Tag.SeriesInstanceUID, VR.UI, "1.2".repeat(3400))),
                bad(
                        "fewer pixels than rows and columns",
                        "C000",
                        i -> i.setInt(Tag.Rows, VR.US, 512).setInt(Tag.Columns, VR.US, 512)),
                bad("absurd rows", "C000", i -> i.setInt(Tag.Rows, VR.US, 65_535)),
                broken("noise", EXPLICIT, "GET / HTTP/1.1\r\n".repeat(9).getBytes(US_ASCII)),
                broken("nothing", EXPLICIT, new byte[0]),
                broken("sequences 10,000 deep", EXPLICIT, nested(10_000)),
                broken("an item beyond the end", EXPLICIT, endlessItem()),
                broken("a deflate bomb", DEFLATED, deflateBomb()),
                broken("no deflated data", DEFLATED, new byte[100]));
    }

    @Test
    void eachIsRefusedWithItsStatusALogLineAndAMetric() throws Exception {
        try (NodeProcess node = NodeProcess.start(folder, Map.of())) {
            AssociateOptions scanner =
                    AssociateOptions.to("127.0.0.1", node.dimsePort(), "NEGVOL", "BADSCANNER")
                            .propose(CT, EXPLICIT)
                            .propose(CT, DEFLATED)
                            .propose(UID.Verification, EXPLICIT);
            List<Bad> all = all();
            try (Association association = Association.open(scanner)) {
                for (Bad bad : all) {
                    assertThat(
                                    association.store(
                                            CT,
                                            bad.instance,
                                            bad.syntax,
                                            out -> out.write(bad.dataset)))
                            .as(bad.what)
                            .satisfies(
                                    s ->
                                            assertThat("%04X".formatted(s.code()))
                                                    .isEqualTo(bad.status));
                    assertThat(association.echo().isSuccess()).as("after %s", bad.what).isTrue();
                }
                String good = UIDUtils.createUID();
                byte[] image = encoded(image(good));
                assertThat(
                                association
                                        .store(CT, good, EXPLICIT, out -> out.write(image))
                                        .isSuccess())
                        .isTrue();
            }
            for (Bad bad : all) {
                assertThat(node.log().lines())
                        .as(bad.what)
                        .anyMatch(
                                l ->
                                        l.contains(bad.instance)
                                                && l.contains("BADSCANNER")
                                                && l.contains("127.0.0.1"));
            }
            assertThat(node.log()).doesNotContain("Mentioned");
            String metrics = node.get("/q/metrics").body();
            for (String status : List.of("A900", "C000")) {
                long expected = all.stream().filter(b -> b.status.equals(status)).count();
                assertThat(metrics.lines())
                        .anyMatch(
                                l ->
                                        l.startsWith("negvol_dimse_operations_seconds_count{")
                                                && l.contains("\"C_STORE\"")
                                                && l.contains(status)
                                                && l.endsWith(" " + expected + ".0"));
            }
            assertThat(NodeProcess.temporaryFiles(folder)).isEmpty();
        }
    }
}
