package org.negvol.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** None. */
    public static final CallerLimits NONE =
            new CallerLimits(Optional.empty(), Optional.empty(), Optional.empty());

    static CallerLimits parse(String key, String options) {
        Long associations = null;
        Long megabytesPerSecond = null;
        Long quotaBytes = null;
        for (String option : options.isEmpty() ? new String[0] : options.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals).strip();
            String value = equals < 0 ? "" : option.substring(equals + 1).strip();
            switch (name) {
                case "associations" -> associations = number(key, name, value);
                case "megabytes-per-second" -> megabytesPerSecond = number(key, name, value);
                case "quota-bytes" -> quotaBytes = number(key, name, value);
                default ->
                        throw new ConfigurationProblem(
                                "%s knows associations, megabytes-per-second and quota-bytes after the ?, not \"%s\"."
                                        .formatted(key, name));
            }
        }
        return new CallerLimits(
                Optional.ofNullable(associations),
                Optional.ofNullable(megabytesPerSecond),
                Optional.ofNullable(quotaBytes));
    }

    private static @Nullable Long number(String key, String name, String value) {
        if (!value.matches("[1-9]\\d{0,17}")) {
            throw new ConfigurationProblem(
                    "%s needs a whole number of 1 or more for %s, got \"%s\"."
                            .formatted(key, name, value));
        }
        return Long.valueOf(value);
    }
}
