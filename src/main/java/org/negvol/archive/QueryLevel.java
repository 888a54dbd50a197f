package org.negvol.archive;

import java.util.Optional;

/** The levels of the query/retrieve information models (PS3.4 C.6). */
public enum QueryLevel {
    PATIENT,
    STUDY,
    SERIES,
    IMAGE;

    /** The level of a Query/Retrieve Level (0008,0052). */
    public static Optional<QueryLevel> of(String value) {
        for (QueryLevel level : values()) {
            if (level.name().equals(value)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
