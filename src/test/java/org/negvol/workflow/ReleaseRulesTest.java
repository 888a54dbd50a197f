package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReleaseRulesTest {

    private static final Duration QUIET_PERIOD = Duration.ofSeconds(20);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # what happened                                      | has | came | sent | volume | whole | quiet | study | complete
                    one multi-frame object, association still open       | 1   | 0    | yes  | yes    | yes   | 0     | 0     | yes
                    a multi-frame object that makes no volume            | 1   | 1    | no   | no     | no    | 0     | 0     | no
                    all slices over the association just released        | 250 | 250  | no   | yes    | no    | 0     | 0     | yes
                    the whole series again, some slices twice            | 250 | 260  | no   | yes    | no    | 0     | 0     | yes
                    slices over an association each                      | 250 | 1    | no   | yes    | no    | 0     | 0     | no
                    a second association brought the rest                | 250 | 150  | no   | yes    | no    | 0     | 0     | no
                    the rest, and then silence                           | 250 | 0    | no   | yes    | no    | 20    | 20    | yes
                    another association is still bringing slices         | 100 | 100  | yes  | yes    | no    | 0     | 0     | no
                    an association that stays open and silent            | 100 | 0    | yes  | yes    | no    | 20    | 20    | yes
                    the association was aborted                          | 100 | 0    | no   | yes    | no    | 1     | 1     | no
                    slices missing                                       | 249 | 249  | no   | no     | no    | 0     | 0     | no
                    slices missing, and then silence                     | 249 | 0    | no   | no     | no    | 20    | 20    | yes
                    a localizer, while the study's slices come           | 1   | 0    | no   | no     | no    | 300   | 2     | no
                    a localizer, and nothing else                        | 1   | 0    | no   | no     | no    | 21    | 21    | yes
                    a whole series, while the next one comes             | 250 | 0    | no   | yes    | no    | 20    | 1     | yes
                    almost silent                                        | 250 | 0    | no   | yes    | no    | 19    | 19    | no
                    """)
    void seriesIsReleased(
            String what,
            int has,
            int came,
            String sent,
            String volume,
            String whole,
            long quiet,
            long study,
            String complete) {
        ReleaseRules.Arrivals arrivals =
                new ReleaseRules.Arrivals(
                        has,
                        came,
                        sent.equals("yes"),
                        volume.equals("yes"),
                        whole.equals("yes"),
                        Duration.ofSeconds(quiet),
                        Duration.ofSeconds(study));
        assertThat(ReleaseRules.isComplete(arrivals, QUIET_PERIOD))
                .as(what)
                .isEqualTo(complete.equals("yes"));
        if (complete.equals("yes")) {
            // The images of a series are not read where this says no.
            assertThat(
                            ReleaseRules.isComplete(
                                    arrivals.with(true, whole.equals("yes")), QUIET_PERIOD))
                    .as(what + ", with a volume")
                    .isTrue();
        }
    }
}
