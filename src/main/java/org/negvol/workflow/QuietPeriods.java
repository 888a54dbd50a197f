package org.negvol.workflow;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.negvol.archive.ArchiveIndex;
import org.negvol.config.Settings;

/**
 * How long must a series have been quiet to be complete? That depends on its sender: one that never
 * pauses for a second need not be waited for as long as one that reconstructs while it sends.
 *
 * <p>{@code negvol.workflow.quiet-period} holds for senders of whom too little is known. For the
 * others it is {@link #SAFETY} times the longest pause that {@link #SHARE} of their latest series
 * kept to, and never less than {@link #LEAST} nor more than {@link #MOST} of the configured one.
 */
@ApplicationScoped
class QuietPeriods {

    /** So many times the usual longest pause are waited. */
    private static final double SAFETY = 3;

    /** A scanner that was cut off for an hour once does not usually pause for an hour. */
    private static final double SHARE = 0.9;

    /** Series after which a sender is known. */
    private static final int ENOUGH_SERIES = 5;

    private static final int MOST_SERIES = 30;

    /** A sender is known by what it sent lately, among the latest series of all. */
    private static final int AMONG_SERIES = 2000;

    /** Share of the configured period. */
    private static final double LEAST = 0.25;

    /** Times the configured period. */
    private static final double MOST = 6;

    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    /** AE titles are the callers' own words, so that there may be any number of them. */
    private static final int MOST_SENDERS = 1000;

    private record Habit(Duration quiet, Instant until) {}

    private final ArchiveIndex index;
    private final Duration configured;
    private final Map<String, Habit> habits = new ConcurrentHashMap<>();

    @Inject
    QuietPeriods(ArchiveIndex index, Settings settings) {
        this.index = index;
        configured = settings.workflow().quietPeriod();
    }

    /** The shortest that any sender can have. */
    Duration least() {
        return times(configured, LEAST);
    }

    /**
     * @param sender AE title
     */
    Duration of(String sender) {
        Instant now = Instant.now();
        Habit habit = habits.get(sender);
        if (habit == null || habit.until().isBefore(now)) {
            if (habits.size() >= MOST_SENDERS) {
                habits.clear();
            }
            Duration quiet = of(index.longestPauses(sender, AMONG_SERIES, MOST_SERIES), configured);
            habit = new Habit(quiet, now.plus(REMEMBERED));
            habits.put(sender, habit);
        }
        return habit.quiet();
    }

    /**
     * @param longestPauses the longest pause of each of the sender's series
     * @param configured what holds for senders of whom too little is known
     */
    static Duration of(Collection<Duration> longestPauses, Duration configured) {
        if (longestPauses.size() < ENOUGH_SERIES) {
            return configured;
        }
        List<Duration> sorted = longestPauses.stream().sorted().toList();
        Duration usual = sorted.get((int) Math.ceil(SHARE * sorted.size()) - 1);
        Duration quiet = times(usual, SAFETY);
        Duration least = times(configured, LEAST);
        Duration most = times(configured, MOST);
        return quiet.compareTo(least) < 0 ? least : quiet.compareTo(most) > 0 ? most : quiet;
    }

    private static Duration times(Duration d, double factor) {
        return Duration.ofMillis(Math.round(d.toMillis() * factor));
    }
}
