package org.negvol.workflow;

import java.time.Duration;

/**
 * How long to wait before the next try: twice as long each time, up to a limit, and up to a fifth
 * less by chance so that what failed together does not come again together.
 *
 * @param first before the second try
 * @param limit never longer
 */
record Backoff(Duration first, Duration limit) {

    private static final double SPREAD = 0.2;

    /**
     * @param failures how many tries failed, at least 1
     * @param chance from 0 to 1
     */
    Duration after(int failures, double chance) {
        double millis = first.toMillis() * Math.pow(2, Math.min(failures - 1, 40));
        double most = Math.min(millis, (double) limit.toMillis());
        return Duration.ofMillis(Math.round(most * (1 - SPREAD * chance)));
    }
}
