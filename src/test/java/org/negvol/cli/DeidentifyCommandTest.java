package org.negvol.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.negvol.Validators;
import org.negvol.dicom.Attributes;
import org.negvol.dicom.DicomInputStream;
import org.negvol.dicom.DicomOutputStream;
import org.negvol.dicom.ElementDictionary;
import org.negvol.dicom.FileMeta;
import org.negvol.dicom.Tag;
import org.negvol.dicom.TransferSyntax;
import org.negvol.dicom.UID;
import org.negvol.dicom.VR;
import org.negvol.phantom.HeadPhantom;
import org.negvol.phantom.PhantomParameters;
import org.negvol.phantom.PhantomScan;
import org.negvol.phantom.PhantomWriter;
import picocli.CommandLine;

/** Research copies show the image and not who it is of. */
class DeidentifyCommandTest {

    /** In every text attribute that a secret was put into. */
    private static final String SECRET = "MUSTERMANN";

    private static final double PIXEL_MM = 2;
    private static final double SLICE_MM = 10;

    @TempDir Path folder;

    private List<Path> originals = List.of();

    /** A scan whose every attribute that holds text, known or private, says whose it is. */
    @BeforeEach
    void identifyingScan() throws IOException, IllegalAccessException {
        HeadPhantom phantom = HeadPhantom.of(PhantomParameters.demo());
        originals =
                PhantomWriter.write(
                        phantom,
                        PhantomScan.axial(
                                phantom, PhantomScan.FieldOfView.JOINTS, PIXEL_MM, SLICE_MM, 0),
                        folder.resolve("in"),
                        2);
        for (Path file : originals) {
            Attributes image = read(file);
            for (Field constant : Tag.class.getFields()) {
                int tag = constant.getInt(null);
                VR vr = ElementDictionary.vrOf(tag);
                if (image.contains(tag) || tag >>> 16 <= 0x0002) {
                    continue;
                }
                switch (vr) {
                    case LO, SH, LT, ST, UT, UC, PN, AE ->
                            image.setString(tag, vr, SECRET + (vr == VR.PN ? "^MAX" : ""));
                    case DA -> image.setString(tag, vr, "19700102");
                    case SQ ->
                            image.newItem(tag).setString(Tag.PatientName, VR.PN, SECRET + "^MAX");
                    default -> {}
                }
            }
            image.setString(Tag.PatientID, VR.LO, SECRET + "-4711")
                    .setString(Tag.PatientName, VR.PN, SECRET + "^MAX")
                    .setString(Tag.PatientBirthDate, VR.DA, "19700102")
                    .setString(Tag.PatientSex, VR.CS, "M")
                    .setString(Tag.PatientAge, VR.AS, "093Y")
                    .setString(0x00090010, VR.LO, "VENDOR")
                    .setString(0x00091001, VR.LO, SECRET)
                    .setBytes(
                            0x60003000, VR.OW, (SECRET + " ").getBytes(StandardCharsets.US_ASCII));
            // Of devices, not persons: these stay.
            for (int tag :
                    new int[] {
                        Tag.Manufacturer,
                        Tag.ManufacturerModelName,
                        Tag.FilterType,
                        Tag.ConvolutionKernel,
                        Tag.RescaleType
                    }) {
                image.setString(tag, ElementDictionary.vrOf(tag), "HU");
            }
            write(file, image);
        }
    }

    @Test
    void nothingSaysWhoItIsOfAndTheImageIsTheSame() throws Exception {
        List<Path> copies = run("--key", folder.resolve("key").toString());
        assertThat(copies).hasSameSizeAs(originals);
        Set<String> uids = new HashSet<>();
        for (Path file : originals) {
            Attributes a = read(file);
            for (int tag : a.tags()) {
                if (ElementDictionary.vrOf(tag) == VR.UI && tag != Tag.SOPClassUID) {
                    uids.add(a.getString(tag, ""));
                }
            }
        }
        uids.remove("");
        Set<Integer> numbers = new HashSet<>();
        for (Path file : copies) {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            assertThat(bytes)
                    .doesNotContain(SECRET, "4711", "19700102", "093Y")
                    .doesNotContain(uids);
            Attributes copy = read(file);
            numbers.add(copy.getInt(Tag.InstanceNumber, -1));
            Attributes original = read(originals.get(indexOf(copy.getInt(Tag.InstanceNumber, -1))));
            for (int tag :
                    new int[] {
                        Tag.PixelData,
                        Tag.ImagePositionPatient,
                        Tag.ImageOrientationPatient,
                        Tag.PixelSpacing,
                        Tag.RescaleIntercept
                    }) {
                assertThat(copy.getBytes(tag)).isEqualTo(original.getBytes(tag));
            }
            assertThat(copy.getString(Tag.PatientIdentityRemoved)).isEqualTo("YES");
            assertThat(copy.getSequence(Tag.DeidentificationMethodCodeSequence))
                    .extracting(i -> i.getString(Tag.CodeValue))
                    .containsExactly("113100");
            assertThat(copy.containsValue(Tag.PatientSex)).isFalse();
        }
        assertThat(numbers).hasSameSizeAs(originals);
        Validators.assertValid(copies);
    }

    @Test
    void theSameKeyGivesTheSameNamesAndAnotherKeyOthers() throws Exception {
        String key = folder.resolve("key").toString();
        Set<String> first = identities(run("--key", key));
        assertThat(identities(run("--key", key))).isEqualTo(first);
        assertThat(identities(run("--key", folder.resolve("another").toString())))
                .doesNotContainAnyElementsOf(first);
        assertThat(identities(run())).doesNotContainAnyElementsOf(first);
    }

    @Test
    void ageAndSexStayWhereAskedForButNoRareAge() throws Exception {
        Attributes copy = read(run("--keep-age-and-sex").getFirst());
        assertThat(copy.getString(Tag.PatientSex)).isEqualTo("M");
        assertThat(copy.getString(Tag.PatientAge)).isEqualTo("090Y");
        assertThat(copy.getSequence(Tag.DeidentificationMethodCodeSequence))
                .extracting(i -> i.getString(Tag.CodeValue))
                .containsExactly("113100", "113108");
    }

    @Test
    void whatMayShowTextInItsPixelsIsLeftOut() throws Exception {
        Attributes burned = read(originals.get(0));
        write(originals.get(0), burned.setString(Tag.BurnedInAnnotation, VR.CS, "YES"));
        Attributes screen = read(originals.get(1));
        screen.remove(Tag.ImagePositionPatient);
        write(originals.get(1), screen);
        Attributes capture = read(originals.get(2));
        write(
                originals.get(2),
                capture.setString(Tag.SOPClassUID, VR.UI, UID.SecondaryCaptureImageStorage));
        Files.writeString(folder.resolve("in/notes.txt"), SECRET);
        assertThat(run()).hasSize(originals.size() - 3);
        assertThat(said)
                .contains("1 files are left out: text is burned into its pixels.")
                .contains("1 files are left out: no place in the patient")
                .contains("1 files are left out: no CT image.")
                .contains("1 files are left out: no DICOM file that can be read.");
    }

    private String said = "";

    private List<Path> run(String... options) throws IOException {
        Path out = Files.createTempDirectory(folder, "out");
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "deidentify",
                                folder.resolve("in").toString(),
                                "--out",
                                out.toString()));
        arguments.addAll(List.of(options));
        StringWriter console = new StringWriter();
        CommandLine line = NegvolCommand.commandLine().setOut(new PrintWriter(console));
        assertThat(line.execute(arguments.toArray(String[]::new))).isZero();
        said = console.toString();
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private int indexOf(int instanceNumber) throws IOException {
        for (int i = 0; i < originals.size(); i++) {
            if (read(originals.get(i)).getInt(Tag.InstanceNumber, -1) == instanceNumber) {
                return i;
            }
        }
        throw new AssertionError("no image " + instanceNumber);
    }

    private static Set<String> identities(List<Path> copies) throws IOException {
        Set<String> all = new HashSet<>();
        for (Path file : copies) {
            Attributes copy = read(file);
            for (int tag :
                    new int[] {
                        Tag.PatientID,
                        Tag.StudyInstanceUID,
                        Tag.SeriesInstanceUID,
                        Tag.SOPInstanceUID,
                        Tag.FrameOfReferenceUID
                    }) {
                all.add(copy.getString(tag, "none"));
            }
        }
        return all;
    }

    private static Attributes read(Path file) throws IOException {
        try (DicomInputStream in =
                new DicomInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return in.readDataset();
        }
    }

    private static void write(Path file, Attributes image) throws IOException {
        try (DicomOutputStream out = new DicomOutputStream(Files.newOutputStream(file))) {
            TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
            out.writeFile(FileMeta.of(image, syntax), image);
        }
    }
}
