package org.negvol.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Compressed frames of {@link SampleImages} as DCMTK and GDCM made them: where mutations and the
 * fuzzer begin.
 */
final class CompressedSamples {

    static final List<String> SYNTAXES =
            List.of(
                    UID.RLELossless,
                    UID.JPEGLosslessSV1,
                    UID.JPEGExtended12Bit,
                    UID.JPEGLSLossless,
                    UID.JPEG2000Lossless);

    private static final List<String> NAMES =
            List.of(
                    "rle",
                    "lossless-sv1",
                    "lossless-sv6",
                    "baseline",
                    "extended",
                    "ls-lossless",
                    "ls-near",
                    "j2k-lossless");

    private CompressedSamples() {}

    static List<byte[]> all() throws IOException {
        List<byte[]> frames = new ArrayList<>();
        for (String name : NAMES) {
            try (InputStream in =
                    CompressedSamples.class.getResourceAsStream("frames/" + name + ".bin")) {
                frames.add(in.readAllBytes());
            }
        }
        return frames;
    }
}
