package org.negvol.node;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.negvol.archive.ArchiveIndex;
import org.negvol.config.CallerLimits;
import org.negvol.config.KnownCaller;
import org.negvol.config.Settings;

/** How much does each AE use of what {@link CallerLimits} grants it? */
@ApplicationScoped
class CallerUse {

    /** What other processes store, and what is removed, shows after so long. */
    private static final Duration QUOTA_READ_EVERY = Duration.ofMinutes(1);

    /** What was not used of the rate is kept for so long. */
    private static final long BURST_NANOS = Duration.ofSeconds(1).toNanos();

    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final Settings settings;
    private final ToLongFunction<String> heldBytes;
    private final Map<String, Use> uses = new ConcurrentHashMap<>();

    /** Of one AE. */
    private static final class Use {
        private int associations;

        /** When all that came would have come at the granted rate. */
        private long dueNanos = System.nanoTime() - BURST_NANOS;

        private long heldBytes;
        private long heldReadNanos = Long.MIN_VALUE;
    }

    @Inject
    CallerUse(Settings settings, ArchiveIndex index) {
        this(settings, index::bytesFrom);
    }

    /**
     * @param heldBytes what the archive holds of an AE
     */
    CallerUse(Settings settings, ToLongFunction<String> heldBytes) {
        this.settings = settings;
        this.heldBytes = heldBytes;
    }

    /** Counts an association, unless the AE has as many as it may have. */
    boolean enter(String callingAet) {
        Optional<Long> most = limits(callingAet).associations();
        if (most.isEmpty()) {
            return true;
        }
        Use use = use(callingAet);
        synchronized (use) {
            if (use.associations >= most.get()) {
                return false;
            }
            use.associations++;
            return true;
        }
    }

    /** An association that has entered is over. */
    void leave(String callingAet) {
        Use use = uses.get(callingAet);
        if (use != null) {
            synchronized (use) {
                use.associations = Math.max(0, use.associations - 1);
            }
        }
    }

    /** Whether the archive holds as much of the AE as it may. */
    boolean isQuotaUsed(String callingAet) {
        Optional<Long> quota = limits(callingAet).quotaBytes();
        if (quota.isEmpty()) {
            return false;
        }
        Use use = use(callingAet);
        synchronized (use) {
            long now = System.nanoTime();
            if (use.heldReadNanos == Long.MIN_VALUE
                    || now - use.heldReadNanos > QUOTA_READ_EVERY.toNanos()) {
                use.heldBytes = heldBytes.applyAsLong(callingAet);
                use.heldReadNanos = now;
            }
            return use.heldBytes >= quota.get();
        }
    }

    /** Counts an instance, and waits where the AE sends faster than it may. */
    void stored(String callingAet, long bytes) {
        CallerLimits limits = limits(callingAet);
        if (limits.equals(CallerLimits.NONE)) {
            return;
        }
        Use use = use(callingAet);
        long wait = 0;
        synchronized (use) {
            use.heldBytes += bytes;
            if (limits.megabytesPerSecond().isPresent()) {
                double rate = limits.megabytesPerSecond().get() * BYTES_PER_MEGABYTE;
                long now = System.nanoTime();
                use.dueNanos =
                        Math.max(use.dueNanos, now - BURST_NANOS) + (long) (bytes / rate * 1e9);
                wait = use.dueNanos - now;
            }
        }
        if (wait > 0) {
            try {
                Thread.sleep(Duration.ofNanos(wait));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Use use(String callingAet) {
        return uses.computeIfAbsent(callingAet, aet -> new Use());
    }

    private CallerLimits limits(String callingAet) {
        return settings.callers().stream()
                .filter(c -> c.aeTitle().equals(callingAet))
                .map(KnownCaller::limits)
                .findFirst()
                .orElse(CallerLimits.NONE);
    }
}
