package org.negvol.dicom;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Text in every character set: the first byte chooses, the rest is read and written again. */
public final class CharacterSetFuzzer {

    static final List<List<String>> TERMS =
            List.of(
                    List.of("ISO_IR 13"),
                    List.of("ISO_IR 100"),
                    List.of("ISO_IR 166"),
                    List.of("ISO_IR 192"),
                    List.of("GB18030"),
                    List.of("GBK"),
                    List.of("ISO 2022 IR 13", "ISO 2022 IR 87", "ISO 2022 IR 159"),
                    List.of("", "ISO 2022 IR 149"),
                    List.of("", "ISO 2022 IR 58"),
                    List.of("ISO 2022 IR 100", "ISO 2022 IR 144", "ISO 2022 IR 126"));

    private CharacterSetFuzzer() {}

    /** A name with escape sequences in each. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < TERMS.size(); i++) {
            seeds.add(
                    ((char) i
                                    + "Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B"
                                    + "=\u001b$)C\u00b1\u00e8\u001b$)A\u00d5\u00c5")
                            .getBytes(StandardCharsets.ISO_8859_1));
        }
        return seeds;
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String[] terms = TERMS.get((input[0] & 0xFF) % TERMS.size()).toArray(new String[0]);
        byte[] value = Arrays.copyOfRange(input, 1, input.length);
        for (VR vr : new VR[] {VR.PN, VR.LO, VR.LT}) {
            Attributes read =
                    new Attributes()
                            .setString(Tag.SpecificCharacterSet, VR.CS, terms)
                            .setBytes(Tag.PatientName, vr, value);
            String text = read.getString(Tag.PatientName, "");
            Attributes written = new Attributes().setString(Tag.SpecificCharacterSet, VR.CS, terms);
            written.setString(Tag.PatientName, vr, text);
            written.getString(Tag.PatientName);
        }
    }
}
