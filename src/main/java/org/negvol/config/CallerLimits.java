package org.negvol.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How much a caller may ask of the node; each is empty where only the node's own limits hold.
 *
 * @param associations open at the same time
 * @param megabytesPerSecond what it may send on the average, over all its associations, 1e6 bytes a
 *     second
 * @param quotaBytes what the archive holds of it at most
 */
public record CallerLimits(
        Optional<Long> associations, Optional<Long> megabytesPerSecond, Optional<Long> quotaBytes) {

    private static final String ASSOCIATIONS = "associations";
    private static final String MEGABYTES_PER_SECOND = "megabytes-per-second";
    private static final String QUOTA_BYTES = "quota-bytes";

    /** What they are called in a caller's options. */
    static final Set<String> OPTIONS = Set.of(ASSOCIATIONS, MEGABYTES_PER_SECOND, QUOTA_BYTES);

    /** None. */
    public static final CallerLimits NONE =
            new CallerLimits(Optional.empty(), Optional.empty(), Optional.empty());

    static CallerLimits of(String key, Map<String, String> options) {
        return new CallerLimits(
                number(key, ASSOCIATIONS, options),
                number(key, MEGABYTES_PER_SECOND, options),
                number(key, QUOTA_BYTES, options));
    }

    private static Optional<Long> number(String key, String name, Map<String, String> options) {
        String value = options.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.matches("[1-9]\\d{0,17}")) {
            throw new ConfigurationProblem(
                    "%s needs a whole number of 1 or more for %s, got \"%s\"."
                            .formatted(key, name, value));
        }
        return Optional.of(Long.valueOf(value));
    }
}
