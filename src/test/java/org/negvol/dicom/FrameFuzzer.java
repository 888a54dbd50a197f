package org.negvol.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Compressed frames: the first byte chooses the transfer syntax, the rest is decoded. */
public final class FrameFuzzer {

    /** What was found, and is refused since. */
    private static final List<String> FOUND =
            List.of("jpeg2000-bits-not-stuffed.bin", "jpeg2000-marker-without-length.bin");

    private FrameFuzzer() {}

    /** Each sample under each transfer syntax, its own among them, and what was found. */
    public static List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (byte[] frame : CompressedSamples.all()) {
            for (int i = 0; i < CompressedSamples.SYNTAXES.size(); i++) {
                byte[] seed = new byte[frame.length + 1];
                seed[0] = (byte) i;
                System.arraycopy(frame, 0, seed, 1, frame.length);
                seeds.add(seed);
            }
        }
        for (String found : FOUND) {
            try (InputStream in = FrameFuzzer.class.getResourceAsStream("found/" + found)) {
                seeds.add(Objects.requireNonNull(in, found).readAllBytes());
            }
        }
        return seeds;
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        List<String> syntaxes = CompressedSamples.SYNTAXES;
        String syntax = syntaxes.get((input[0] & 0xFF) % syntaxes.size());
        Attributes image = SampleImages.image(16, true, 1, 6);
        image.setFragments(
                Tag.PixelData,
                VR.OB,
                List.of(new byte[0], Arrays.copyOfRange(input, 1, input.length)));
        try {
            PixelDecoder.decode(image, TransferSyntax.of(syntax));
        } catch (DicomException refused) {
            if (refused.getMessage() == null) {
                throw new AssertionError("a refusal says why", refused);
            }
        }
    }
}
