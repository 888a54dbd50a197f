package org.negvol.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.negvol.Peers;
import org.negvol.RealScans;

/** Every data set that is written is read back equal, by us and by others. */
class RoundTripTest {

    private static final List<TransferSyntax> NATIVE =
            List.of(
                    TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                    TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                    TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN);

    @Property(tries = 300)
    void everyDatasetWrittenIsReadBackEqual(
            @ForAll long seed,
            @ForAll @IntRange(max = 40) int elements,
            @ForAll @IntRange(max = 3) int s)
            throws IOException {
        TransferSyntax syntax = NATIVE.get(s);
        Attributes ds =
                new RandomDatasets(new SplittableRandom(seed), syntax.explicitVR()).next(elements);
        byte[] file = write(ds, syntax);
        try (DicomInputStream in = new DicomInputStream(new ByteArrayInputStream(file))) {
            assertThat(in.readDataset()).isEqualTo(ds);
            assertThat(in.getTransferSyntax()).isEqualTo(syntax);
        }
        assertThat(write(new Attributes(ds), syntax))
                .as("a copy gives the same bytes")
                .isEqualTo(file);
    }

    @Test
    void everyDatasetWrittenIsReadBackEqualByPydicom(@TempDir Path folder) throws IOException {
        long seed = System.nanoTime();
        RandomDatasets random = new RandomDatasets(new SplittableRandom(seed), true);
        List<Object> files = new ArrayList<>();
        StringBuilder ours = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            Attributes ds = random.next(30);
            TransferSyntax syntax =
                    i % 2 == 0
                            ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
                            : TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN;
            files.add(Files.write(folder.resolve(i + ".dcm"), write(ds, syntax)));
            ours.append("file\n");
            list(ds, "", ours);
        }
        String theirs = Peers.pydicom(RoundTripTest.class, "list.py", files.toArray());
        assertThat(theirs.lines())
                .as("seed " + seed)
                .containsExactlyElementsOf(ours.toString().lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"+ti", "+te", "+tb", "+td"})
    void whatDcmtkWritesIsReadEqual(String syntax, @TempDir Path folder) throws IOException {
        Peers.assumeInstalled("dcmconv");
        long seed = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            Attributes ds = new RandomDatasets(new SplittableRandom(seed + i), false).next(30);
            ds.setString(Tag.SOPClassUID, VR.UI, UID.CTImageStorage);
            ds.setString(Tag.SOPInstanceUID, VR.UI, "1.2.3");
            // DCMTK's dictionary is older than ours: what it does not know it cannot swap or name.
            // Nor does it take pixels that lie elsewhere from one syntax to another.
            for (int tag : ds.tags()) {
                if (tag == Tag.PixelDataProviderURL
                        || ElementDictionary.isPrivate(tag)
                        || ds.getVR(tag) == VR.SQ) {
                    ds.remove(tag);
                }
            }
            Path from =
                    Files.write(
                            folder.resolve("a"),
                            write(ds, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN));
            Path to = folder.resolve("b");
            // Undefined lengths of sequences and items in one half of the cases, defined in the
            // other.
            Peers.run("dcmconv", i % 2 == 0 ? "-e" : "+e", syntax, from, to);
            try (DicomInputStream in = new DicomInputStream(Files.newInputStream(to))) {
                Attributes read = in.readDataset();
                assertThat(in.getTransferSyntax().uid())
                        .isEqualTo(in.getFileMetaInformation().getString(Tag.TransferSyntaxUID));
                assertThat(read).as("seed %d", seed + i).isEqualTo(ds);
            }
        }
    }

    @Test
    void everyRealFileIsReadAndWrittenAgainUnchanged() throws IOException {
        int read = 0;
        for (String name : List.of("head-toshiba", "head-fused", "skull-phantom")) {
            for (Path file : RealScans.files(name)) {
                try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
                    Attributes meta = in.getFileMetaInformation();
                    Attributes ds = in.readDataset();
                    byte[] again = write(meta, ds);
                    try (DicomInputStream second =
                            new DicomInputStream(new ByteArrayInputStream(again))) {
                        assertThat(second.readDataset()).as(file.toString()).isEqualTo(ds);
                    }
                    read++;
                }
            }
        }
        assertThat(read).isGreaterThan(400);
    }

    @Test
    void headerOfARealFileIsReadWithoutItsPixels() throws IOException {
        Path file = RealScans.files("head-fused").getFirst();
        try (DicomInputStream in = new DicomInputStream(Files.newInputStream(file))) {
            Attributes header = in.readDatasetUntil(Tag.PixelData);
            assertThat(header.contains(Tag.PixelData)).isFalse();
            assertThat(header.getInt(Tag.Rows, 0)).isPositive();
            assertThat(in.position()).isLessThan(16_384);
            Attributes rest = in.readDataset();
            assertThat(rest.tags()).startsWith(Tag.PixelData);
        }
    }

    private static byte[] write(Attributes ds, TransferSyntax syntax) throws IOException {
        return write(FileMeta.of(UID.CTImageStorage, "1.2.3", syntax.uid()), ds);
    }

    private static byte[] write(Attributes meta, Attributes ds) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DicomOutputStream dicom = new DicomOutputStream(out)) {
            dicom.writeFile(meta, ds);
        }
        return out.toByteArray();
    }

    /** The same list as list.py makes. */
    private static void list(Attributes ds, String path, StringBuilder out) {
        for (int tag : ds.tags()) {
            VR vr = ds.getVR(tag);
            String here = path + "%08X".formatted(tag);
            out.append(here).append(' ').append(vr).append(' ');
            if (vr == VR.SQ) {
                List<Attributes> items = ds.getSequence(tag);
                out.append(items.size()).append('\n');
                for (int i = 0; i < items.size(); i++) {
                    list(items.get(i), here + "[" + i + "].", out);
                }
                continue;
            }
            String value =
                    switch (vr) {
                        case OB, OD, OF, OL, OV, OW, UN ->
                                HexFormat.of().formatHex(ds.getBytes(tag));
                        case FD, FL ->
                                Arrays.stream(ds.getDoubles(tag))
                                        .mapToObj(
                                                d ->
                                                        "%016x"
                                                                .formatted(
                                                                        Long.reverseBytes(
                                                                                Double
                                                                                        .doubleToRawLongBits(
                                                                                                d))))
                                        .collect(Collectors.joining("\\"));
                        default -> String.join("\\", ds.getStrings(tag));
                    };
            out.append(value.replace("\n", "\\n")).append('\n');
        }
    }
}
