package org.negvol;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link FuzzRun} begins with, and what it has found, is read or refused and harms nothing.
 */
class FuzzSeedsTest {

    static List<FuzzTarget> targets() {
        return FuzzTarget.ALL;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everySeedIsReadOrRefused(FuzzTarget target) throws IOException {
        List<byte[]> inputs = target.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            byte[] input = inputs.get(i);
            assertThatCode(() -> target.input().take(input))
                    .as("input %d", i)
                    .doesNotThrowAnyException();
        }
    }
}
