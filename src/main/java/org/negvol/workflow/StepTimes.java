package org.negvol.workflow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.negvol.volume.Side;

/** Keeps how long each step took. */
public final class StepTimes implements StepListener {

    /**
     * One step.
     *
     * @param side the joint it was done for; null for the whole study
     */
    public record Entry(Step step, @Nullable Side side, Duration time) {}

    private final List<Entry> entries = new ArrayList<>();

    @Override
    public synchronized void finished(Step step, @Nullable Side side, Duration time) {
        entries.add(new Entry(step, side, time));
    }

    /** The steps that have ended, in the order of the pipeline, left before right. */
    public synchronized List<Entry> entries() {
        return entries.stream()
                .sorted(
                        Comparator.comparing(Entry::step)
                                .thenComparing(
                                        Entry::side,
                                        Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
    }
}
