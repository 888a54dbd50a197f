package org.negvol.workflow;

/** Where a job stands; which may follow which is guarded in the database (migration V1). */
public enum JobState {
    /** The series is complete and waits for a worker. */
    RECEIVED,
    /** A worker is at it. */
    PROCESSING,
    /** Both joints measured. */
    DONE,
    /** Measured with limits that the sentence and the flags explain. */
    DEGRADED,
    /** The scan does not show what is measured; a report says so. */
    NOT_APPLICABLE,
    /** negvol could not do its work. */
    FAILED,
    /** The series is not processed; the sentence says why. */
    SKIPPED,
    /** Late slices or a better series replaced it. */
    SUPERSEDED;

    /** Whether a worker has it or will have it. */
    public boolean isOpen() {
        return this == RECEIVED || this == PROCESSING;
    }
}
