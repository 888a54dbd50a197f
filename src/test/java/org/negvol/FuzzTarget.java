package org.negvol;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.negvol.dicom.CharacterSetFuzzer;
import org.negvol.dicom.DataSetFuzzer;
import org.negvol.dicom.FrameFuzzer;
import org.negvol.dimse.AssociationFuzzer;
import org.negvol.dimse.PduFuzzer;

/**
 * What reads bytes of strangers.
 *
 * @param type class with {@code fuzzerTestOneInput}, as Jazzer calls it
 * @param input that method
 * @param seeds inputs to begin with
 */
record FuzzTarget(Class<?> type, Input input, Seeds seeds) {

    static final List<FuzzTarget> ALL =
            List.of(
                    new FuzzTarget(
                            DataSetFuzzer.class,
                            DataSetFuzzer::fuzzerTestOneInput,
                            DataSetFuzzer::seeds),
                    new FuzzTarget(
                            FrameFuzzer.class, FrameFuzzer::fuzzerTestOneInput, FrameFuzzer::seeds),
                    new FuzzTarget(
                            CharacterSetFuzzer.class,
                            CharacterSetFuzzer::fuzzerTestOneInput,
                            CharacterSetFuzzer::seeds),
                    new FuzzTarget(
                            PduFuzzer.class, PduFuzzer::fuzzerTestOneInput, PduFuzzer::seeds),
                    new FuzzTarget(
                            AssociationFuzzer.class,
                            AssociationFuzzer::fuzzerTestOneInput,
                            AssociationFuzzer::seeds));

    interface Input {
        void take(byte[] bytes) throws IOException;
    }

    interface Seeds {
        List<byte[]> make() throws IOException;
    }

    /** The seeds, and their beginnings: what is cut off anywhere is input too. */
    List<byte[]> inputs() throws IOException {
        List<byte[]> inputs = new java.util.ArrayList<>();
        for (byte[] seed : seeds.make()) {
            inputs.add(seed);
            for (int length : new int[] {1, seed.length / 3, seed.length - 1}) {
                inputs.add(Arrays.copyOf(seed, length));
            }
        }
        return inputs;
    }

    @Override
    public String toString() {
        return type.getSimpleName();
    }
}
