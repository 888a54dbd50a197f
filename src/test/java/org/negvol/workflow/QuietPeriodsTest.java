package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuietPeriodsTest {

    private static final Duration CONFIGURED = Duration.ofSeconds(20);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    # the sender                          | longest pause of each series, s | quiet, s
                    nothing is known of                   |                                 | 20
                    has sent too little to be known       | 0.1 0.1 0.1 0.1                 | 20
                    never pauses                          | 0.1 0.1 0.1 0.1 0.1             | 5
                    pauses for three seconds              | 1 2 3 3 2 1 3                   | 9
                    reconstructs while it sends           | 15 14 16 15 15 14               | 48
                    pauses for minutes                    | 200 300 250 200 300             | 120
                    was cut off once for an hour          | 3 3 3 3 3 3 3 3 3 3600          | 9
                    is cut off again and again            | 3 3 3 3 3 3 3 3600 3600 3600    | 120
                    """)
    void eachSenderIsWaitedForAsItsHabitsAsk(String sender, String pauses, double seconds) {
        List<Duration> longest =
                Stream.ofNullable(pauses)
                        .flatMap(p -> Stream.of(p.split(" ")))
                        .map(s -> Duration.ofMillis((long) (1000 * Double.parseDouble(s))))
                        .toList();
        assertThat(QuietPeriods.of(longest, CONFIGURED))
                .as(sender)
                .isEqualTo(Duration.ofMillis((long) (1000 * seconds)));
    }
}
