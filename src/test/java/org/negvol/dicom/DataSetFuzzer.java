package org.negvol.dicom;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Data sets and files in every encoding: the first byte chooses, the rest is read and written. */
public final class DataSetFuzzer {

    static final List<TransferSyntax> SYNTAXES =
            List.of(
                    TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                    TransferSyntax.of(UID.ExplicitVRBigEndian),
                    TransferSyntax.of(UID.DeflatedExplicitVRLittleEndian),
                    TransferSyntax.of(UID.JPEGLosslessSV1));

    private static final long MOST_HELD_BYTES = 4 << 20;

    private DataSetFuzzer() {}

    /** An image in each encoding, and as a file. */
    public static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        Attributes image =
                SampleImages.image(12, false, 1, 1).setBytes(Tag.PixelData, VR.OW, new byte[64]);
        Attributes item = new Attributes().setString(Tag.CodeValue, VR.SH, "T-11170");
        image.setSequence(Tag.AnatomicRegionSequence, List.of(item));
        for (int i = 0; i <= SYNTAXES.size(); i++) {
            ByteArrayOutputStream seed = new ByteArrayOutputStream();
            seed.write(i);
            try (DicomOutputStream out = new DicomOutputStream(seed)) {
                if (i == SYNTAXES.size()) {
                    out.writeFile(
                            FileMeta.of(UID.CTImageStorage, "1.2.3", UID.ExplicitVRLittleEndian),
                            image);
                } else {
                    out.writeDataset(
                            image,
                            SYNTAXES.get(i).encapsulated()
                                    ? TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN
                                    : SYNTAXES.get(i));
                }
            }
            seeds.add(seed.toByteArray());
        }
        return seeds;
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        int choice = (input[0] & 0xFF) % (SYNTAXES.size() + 2);
        ByteArrayInputStream rest = new ByteArrayInputStream(input, 1, input.length - 1);
        try {
            if (choice == SYNTAXES.size() + 1) {
                use(DicomInputStream.decodeCommand(Arrays.copyOfRange(input, 1, input.length)));
                return;
            }
            try (DicomInputStream in =
                    choice == SYNTAXES.size()
                            ? new DicomInputStream(rest)
                            : new DicomInputStream(rest, SYNTAXES.get(choice))) {
                use(in.limitHeldBytes(MOST_HELD_BYTES).readDataset());
            }
        } catch (DicomException refused) {
            require(refused.getMessage() != null, "a refusal says why");
        }
    }

    private static void use(Attributes read) throws IOException {
        require(read.toString() != null, "a data set has a text");
        for (int tag : read.tags()) {
            read.getStrings(tag);
            read.getInts(tag);
            read.getDoubles(tag);
        }
        try (DicomOutputStream out = new DicomOutputStream(OutputStream.nullOutputStream())) {
            out.writeDataset(read, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
    }

    private static void require(boolean held, String what) {
        if (!held) {
            throw new AssertionError(what);
        }
    }
}
