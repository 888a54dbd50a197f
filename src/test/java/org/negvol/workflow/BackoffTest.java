package org.negvol.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    private static final Backoff BACKOFF =
            new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(30));

    @ParameterizedTest
    @CsvSource({
        "1, 0, 5000",
        "2, 0, 10000",
        "4, 0, 40000",
        "2, 1, 8000",
        "9, 0, 1280000",
        "10, 0, 1800000",
        "500, 0, 1800000",
        "500, 1, 1440000"
    })
    void pauseDoublesUpToItsLimitAndIsShortenedByChance(int failures, double chance, long millis) {
        assertThat(BACKOFF.after(failures, chance)).isEqualTo(Duration.ofMillis(millis));
    }
}
